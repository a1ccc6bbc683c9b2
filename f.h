/* f: x */

#ifndef F_H
#define F_H

/** Numbers in the workspace that the caller gives. */
#define F_WORK 0

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief f: x
 *
 * @param[in] in0 x: a number
 * @param[out] out0 a number: x
 * @return 0
 */
int f(const double *in0, double *out0);

#ifdef __cplusplus
}
#endif

#endif
