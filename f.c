/* f: x */

#include <math.h>

/**
 * @brief f: x
 *
 * @param[in] in0 x: a number
 * @param[out] out0 a number: x
 * @return 0
 */
int f(const double *restrict in0, double *restrict out0)
{
    const double x = in0[0];
    out0[0] = x;
    return 0;
}
