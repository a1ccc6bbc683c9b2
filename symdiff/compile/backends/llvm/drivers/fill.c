/* Entries of an array from some place on, in order:
   fill(size of an entry, array, axes, shape, bytes from entry to entry along each axis, place, count, to). */
#include "drivers.h"

typedef int64_t __attribute__((aligned(1))) Eight_bytes;
typedef int32_t __attribute__((aligned(1))) Four_bytes;

#define ROW(type)                                                                                \
  if (step == 0) {                                                                               \
    type x = *(const type *)from;                                                                \
    for (int64_t j = 0; j < run; j++) ((type *)to)[j] = x;                                       \
  } else                                                                                         \
    for (int64_t j = 0; j < run; j++, from += step) ((type *)to)[j] = *(const type *)from;

static void row(int64_t size, const char *from, int64_t step, int64_t run, char *to) {
  if (size == 8) {
    ROW(Eight_bytes)
  } else {
    ROW(Four_bytes)
  }
}

void fill(int64_t size, const char *from, int64_t axes, const int64_t *shape, const int64_t *steps, int64_t start,
          int64_t count, char *to) {
  int64_t at[AXES], last = axes - 1;
  for (int64_t d = last; d >= 0; d--) {
    at[d] = start % shape[d];
    start /= shape[d];
    from += at[d] * steps[d];
  }
  while (count > 0) {
    int64_t run = shape[last] - at[last] < count ? shape[last] - at[last] : count;
    row(size, from, steps[last], run, to);
    from += run * steps[last];
    to += run * size;
    count -= run;
    at[last] += run;
    for (int64_t d = last; d > 0 && at[d] == shape[d]; d--) {
      from += steps[d - 1] - shape[d] * steps[d];
      at[d] = 0;
      at[d - 1]++;
    }
  }
}
