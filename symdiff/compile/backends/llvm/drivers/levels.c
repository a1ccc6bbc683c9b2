/* Programs by levels: inputs into registers, the groups of operations one after the other, results out of registers.

   Registers are kept for the next call, by whoever comes first, unless they are large vectors; a second thread takes
   memory of its own. */
#include "drivers.h"

enum { LARGE = 4 << 20 }; /* bytes of vectors that are not kept */

typedef struct { /* a row of the table of level_code.py */
  void (*loop)(const char *registers, const int32_t *index, int64_t count, int64_t stride, char *target);
  int32_t *index;
  int64_t count, stride, target;
} Group;

typedef struct Levels { /* `_Levels` of level_code.py */
  Group *groups;
  int64_t count;
  char *image; /* what registers begin with */
  int64_t bytes, image_bytes;
  int64_t inputs, outputs;
  int64_t size;    /* of a number */
  int64_t *places; /* the register of each result */
  int64_t *sizes;  /* bytes of each result */
  char *_Atomic kept;
  int64_t lanes;       /* numbers in a register */
  struct Levels *wide; /* the same for vectors of points */
} Levels;

static char *taken(Levels *l) {
  char *found = __c11_atomic_exchange(&l->kept, NULL, __ATOMIC_SEQ_CST);
  if (found) return found;
  found = PyMem_RawMalloc(l->bytes);
  if (found) __builtin_memcpy(found, l->image, l->image_bytes);
  return found;
}

static void keep(Levels *l, char *registers) {
  bool large = l->lanes > 1 && l->bytes > LARGE;
  PyMem_RawFree(large ? registers : __c11_atomic_exchange(&l->kept, registers, __ATOMIC_SEQ_CST));
}

static void sweep(const Levels *l, char *registers) {
  for (const Group *g = l->groups; g < l->groups + l->count; g++)
    g->loop(registers, g->index, g->count, g->stride, registers + g->target);
}

static bool nonzero(const char *number, int64_t size) {
  return size == 4 ? *(const float *)number != 0 : *(const double *)number != 0;
}

bool core(Levels *narrow, int64_t vectors, const char *const *in, const int64_t *step, char *const *out) {
  Levels *l = narrow->wide;
  int64_t width = l->size * l->lanes;
  char *registers = taken(l);
  if (!registers) return false;
  for (int64_t i = 0; i < vectors; i++) {
    for (int64_t k = 0; k < l->inputs; k++) __builtin_memcpy(registers + k * width, in[k] + i * step[k], width);
    sweep(l, registers);
    for (int64_t k = 0; k < l->outputs; k++) {
      const char *from = registers + l->places[k] * width;
      char *to = out[k] + i * l->sizes[k] * l->lanes;
      if (l->sizes[k] != 1) __builtin_memcpy(to, from, width);
      else
        for (int64_t j = 0; j < l->lanes; j++) to[j] = nonzero(from + j * l->size, l->size);
    }
  }
  keep(l, registers);
  return true;
}

bool single(Levels *l, const double *values, double *results) {
  char *registers = taken(l);
  if (!registers) return false;
  for (int64_t k = 0; k < l->inputs; k++)
    if (l->size == 4) ((float *)registers)[k] = (float)values[k];
    else ((double *)registers)[k] = values[k];
  sweep(l, registers);
  for (int64_t k = 0; k < l->outputs; k++)
    results[k] = l->size == 4 ? ((float *)registers)[l->places[k]] : ((double *)registers)[l->places[k]];
  keep(l, registers);
  return true;
}
