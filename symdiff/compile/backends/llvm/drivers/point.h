/* What functions of one point share: room for its numbers, and the way back to Python. */
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
