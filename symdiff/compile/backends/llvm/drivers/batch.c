/* A batch of points: batch(*inputs, *outputs) over arrays of one dimension.

   Whole vectors of contiguous arrays are read and written in place, and an input that is one number for all points is
   spread once. Whatever is strided, and the rest at the end, goes through buffers of whole vectors, padded with the
   last point: every number is computed by the same instructions. */
#include "drivers.h"

/* What `core` gets, and the buffers of the inputs and then of the results. */
typedef struct {
  const char **in;
  char **out;
  int64_t *step;
  char *buffers;
  int64_t room; /* bytes of a buffer */
} Frame;

static bool regular(const Program *p, const int64_t *strides) {
  for (int64_t k = 0; k < p->inputs; k++)
    if (strides[k] != 0 && strides[k] != p->size) return false;
  for (int64_t k = 0; k < p->outputs; k++)
    if (strides[p->inputs + k] != p->sizes[k]) return false;
  return true;
}

static bool in_place(const Program *p, int64_t vectors, char *const *bases, const int64_t *strides, Frame f) {
  for (int64_t k = 0; k < p->inputs; k++) {
    f.in[k] = bases[k];
    f.step[k] = p->lanes * strides[k];
    if (strides[k] == 0) {
      f.in[k] = f.buffers + k * f.room;
      copy(p->size, f.buffers + k * f.room, p->size, bases[k], 0, p->lanes);
    }
  }
  return p->core(p->context, vectors, f.in, f.step, bases + p->inputs);
}

static bool by_block(const Program *p, int64_t start, int64_t count, char *const *bases, const int64_t *strides,
                     Frame f) {
  int64_t rows = up(count, p->lanes), n = p->inputs;
  bool whole = rows == count; /* then contiguous arrays are used in place here, too */
  for (int64_t k = 0; k < n; k++) {
    const char *from = bases[k] + start * strides[k];
    char *to = f.buffers + k * f.room, *end = to + count * p->size;
    bool direct = whole && strides[k] == p->size;
    f.in[k] = direct ? from : to;
    f.step[k] = p->lanes * p->size;
    if (direct) continue;
    copy(p->size, to, p->size, from, strides[k], count);
    copy(p->size, end, p->size, end - p->size, 0, rows - count);
  }
  for (int64_t k = 0; k < p->outputs; k++) {
    bool direct = whole && strides[n + k] == p->sizes[k];
    f.out[k] = direct ? bases[n + k] + start * strides[n + k] : f.buffers + (n + k) * f.room;
  }
  if (!p->core(p->context, rows / p->lanes, f.in, f.step, f.out)) return false;
  for (int64_t k = 0; k < p->outputs; k++) {
    char *to = bases[n + k] + start * strides[n + k];
    if (f.out[k] != to) copy(p->sizes[k], to, strides[n + k], f.out[k], p->sizes[k], count);
  }
  return true;
}

static bool process(const Program *p, int64_t length, char *const *bases, const int64_t *strides) {
  int64_t arrays = p->inputs + p->outputs;
  int64_t direct = regular(p, strides) ? length / p->lanes * p->lanes : 0, left = length - direct;
  int64_t rows = up(left > BLOCK ? BLOCK : left > p->lanes ? left : p->lanes, p->lanes);
  int64_t room = rows * 8 + 64; /* so that buffers do not all meet in the same lines of the cache */
  char *memory = PyMem_RawMalloc(arrays * room + (arrays + p->inputs) * 8 + 64);
  if (!memory) return false;
  char *buffers = (char *)(((intptr_t)memory + 63) & -64), **tables = (char **)(buffers + arrays * room);
  Frame f = {(const char **)tables, tables + p->inputs, (int64_t *)(tables + arrays), buffers, room};
  bool done = direct == 0 || in_place(p, direct / p->lanes, bases, strides, f);
  for (int64_t start = direct; done && start < length; start += rows)
    done = by_block(p, start, length - start < rows ? length - start : rows, bases, strides, f);
  PyMem_RawFree(memory);
  return done;
}

Object *batch(Object *self, Object *const *args, int64_t count) {
  const Program *p = program(self);
  if (count != p->inputs + p->outputs) return wrong_number();
  if (p->outputs == 0) return none();
  const Array *result = line(args[p->inputs]);
  if (!result) return wrong_arrays();
  int64_t length = result->shape[0];
  char **bases = PyMem_RawMalloc(count * 16);
  if (!bases) return PyErr_NoMemory();
  int64_t *strides = (int64_t *)(bases + count);
  for (int64_t k = 0; k < count; k++) {
    const Array *array = line(args[k]);
    if (!array || array->shape[0] != length) {
      PyMem_RawFree(bases);
      return wrong_arrays();
    }
    bases[k] = array->data;
    strides[k] = array->strides[0];
  }
  void *thread = PyEval_SaveThread();
  bool done = process(p, length, bases, strides);
  PyEval_RestoreThread(thread);
  PyMem_RawFree(bases);
  return done ? none() : PyErr_NoMemory();
}
