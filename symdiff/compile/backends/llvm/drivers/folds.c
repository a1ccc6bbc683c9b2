/* The sum or the largest of entries, a block at a time: take(sum, fold, entries, size of an entry, count), and those of
   whole rows: rows(fold, entries, size of an entry, entries of a row, count of rows, results).

   Eight at once, in vectors that any machine has in some width. */
#include "drivers.h"

typedef double Eight __attribute__((ext_vector_type(8)));
typedef int64_t Marks __attribute__((ext_vector_type(8)));
typedef double Doubles __attribute__((ext_vector_type(8), aligned(8)));
typedef float Floats __attribute__((ext_vector_type(8), aligned(4)));

static Eight eight(const char *from, int64_t size, int64_t k) {
  if (size == 4) return __builtin_convertvector(*(const Floats *)(from + 4 * k), Eight);
  return *(const Doubles *)(from + 8 * k);
}

static double one(const char *from, int64_t size, int64_t k) {
  return size == 4 ? ((const float *)from)[k] : ((const double *)from)[k];
}

static double size_of(double x) { return x < 0 ? -x : x; }

static void add(Sum *s, double x) {
  double t = s->sum + x;
  s->rest += size_of(s->sum) >= size_of(x) ? (s->sum - t) + x : (x - t) + s->sum;
  s->sum = t;
}

static __attribute__((noinline)) double total(const char *from, int64_t size, int64_t count) {
  Eight a = 0, b = 0;
  int64_t k = 0;
  for (; k + 16 <= count; k += 16) {
    a += eight(from, size, k);
    b += eight(from, size, k + 8);
  }
  a += b;
  double sum = ((a[0] + a[1]) + (a[2] + a[3])) + ((a[4] + a[5]) + (a[6] + a[7]));
  for (; k < count; k++) sum += one(from, size, k);
  return sum;
}

static double larger(double most, double x) { return most == most && !(x <= most) ? x : most; }

static __attribute__((noinline)) double largest(double most, const char *from, int64_t size, int64_t count) {
  Eight a = most;
  Marks wrong = 0;
  int64_t k = 0;
  for (; k + 8 <= count; k += 8) {
    Eight x = eight(from, size, k);
    wrong |= x != x;
    a = x > a ? x : a;
  }
  for (int j = 0; j < 8; j++) most = larger(most, wrong[j] ? __builtin_nan("") : a[j]);
  for (; k < count; k++) most = larger(most, one(from, size, k));
  return most;
}

void take(Sum *s, int64_t fold, const char *from, int64_t size, int64_t count) {
  if (fold >= LARGEST) s->sum = size == 4 ? largest(s->sum, from, 4, count) : largest(s->sum, from, 8, count);
  else add(s, size == 4 ? total(from, 4, count) : total(from, 8, count));
}

static void each(int64_t fold, const char *from, int64_t size, int64_t row,
                                                int64_t count, char *to) {
  for (int64_t k = 0; k < count; k++, from += row * size) {
    double found;
    if (row >= 16) found = fold >= LARGEST ? largest(-__builtin_inf(), from, size, row) : total(from, size, row);
    else if (fold >= LARGEST) {
      found = one(from, size, 0);
      for (int64_t j = 1; j < row; j++) found = larger(found, one(from, size, j));
    } else {
      found = 0;
      for (int64_t j = 0; j < row; j++) found += one(from, size, j);
    }
    if (size == 4) ((float *)to)[k] = (float)found;
    else ((double *)to)[k] = found;
  }
}

void rows(int64_t fold, const char *from, int64_t size, int64_t row, int64_t count, char *to) {
  if (size == 4) each(fold, from, 4, row, count, to);
  else each(fold, from, 8, row, count, to);
}
