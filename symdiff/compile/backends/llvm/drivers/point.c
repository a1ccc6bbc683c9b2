/* One point:
     scalar(*floats)          gives a tuple,
     point(results, *floats)  fills a contiguous array of the program's numbers, conditions as 0 and 1,
     number(self, *floats)    gives the only result, as a method: the first slot of self holds the program. */
#include "drivers.h"

enum { SMALL = 64 }; /* numbers that the stack holds */

static double *room(double *small, int64_t count) {
  double *found = count <= SMALL ? small : PyMem_RawMalloc(count * sizeof(double));
  if (!found) PyErr_NoMemory();
  return found;
}

static void leave(double *found, const double *small) {
  if (found != small) PyMem_RawFree(found);
}

static bool read(Object *const *args, double *values, int64_t count) {
  for (int64_t k = 0; k < count; k++) {
    values[k] = PyFloat_AsDouble(args[k]);
    if (values[k] == -1.0 && PyErr_Occurred()) return false;
  }
  return true;
}

static bool compute(const Program *p, const double *values, double *results) {
  bool done = p->single(p->context, values, results);
  if (!done) PyErr_NoMemory();
  return done;
}

static Object *item(const Program *p, int64_t k, double result) {
  return p->sizes[k] == 1 ? PyBool_FromLong(result != 0) : PyFloat_FromDouble(result);
}

static Object *tuple(const Program *p, const double *results) {
  Object *made = PyTuple_New(p->outputs);
  for (int64_t k = 0; made && k < p->outputs; k++) {
    Object *found = item(p, k, results[k]);
    if (!found) {
      Py_DecRef(made);
      return NULL;
    }
    PyTuple_SetItem(made, k, found);
  }
  return made;
}

Object *scalar(Object *self, Object *const *args, int64_t count) {
  const Program *p = program(self);
  if (count != p->inputs) return wrong_number();
  double small[SMALL], *values = room(small, p->inputs + p->outputs), *results = values + p->inputs;
  if (!values) return NULL;
  bool done = read(args, values, p->inputs) && compute(p, values, results);
  Object *made = done ? tuple(p, results) : NULL;
  leave(values, small);
  return made;
}

Object *point(Object *self, Object *const *args, int64_t count) {
  const Program *p = program(self);
  if (count != p->inputs + 1) return wrong_number();
  const Array *row = line(args[0]);
  if (!row || row->shape[0] != p->outputs || row->strides[0] != p->size) return wrong_arrays();
  bool narrow = p->size == 4; /* then results are doubles at first */
  double small[SMALL], *values = room(small, p->inputs + (narrow ? p->outputs : 0));
  if (!values) return NULL;
  double *results = narrow ? values + p->inputs : (double *)row->data;
  bool done = read(args + 1, values, p->inputs) && compute(p, values, results);
  for (int64_t k = 0; done && narrow && k < p->outputs; k++) ((float *)row->data)[k] = (float)results[k];
  leave(values, small);
  return done ? none() : NULL;
}

/* The method in Python, which takes what there is beside floats. */
static Object *slowly(Object *self, Object *const *args, int64_t count, Object *names) {
  int64_t all = 1 + count + (names ? PyTuple_Size(names) : 0);
  Object *small[SMALL], **given = all <= SMALL ? small : PyMem_RawMalloc(all * sizeof(Object *));
  if (!given) return PyErr_NoMemory();
  given[0] = self;
  for (int64_t k = 1; k < all; k++) given[k] = args[k - 1];
  Object *made = PyObject_VectorcallMethod(&SLOWLY, given, 1 + count, names);
  if (given != small) PyMem_RawFree(given);
  return made;
}

static Object **typed(Object *object) { return (Object **)((char *)object + (intptr_t)&TYPE_OFFSET); }

Object *number(Object *self, Object *const *args, int64_t count, Object *names) {
  Object *held = typed(self)[1];
  const Program *p = held && !names && count <= SMALL ? program(held) : NULL;
  if (!p || count != p->inputs) return slowly(self, args, count, names);
  double values[SMALL], result;
  for (int64_t k = 0; k < count; k++) {
    if (*typed(args[k]) != &FLOAT_TYPE) return slowly(self, args, count, names);
    values[k] = PyFloat_AsDouble(args[k]);
  }
  return compute(p, values, &result) ? item(p, 0, result) : NULL;
}
