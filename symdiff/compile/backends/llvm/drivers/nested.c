/* One point, as a method: arguments are floats and arrays of these, results numbers and arrays in a list or a tuple.

   The first slot of the object holds the call. */
#include "point.h"

enum { ALONE, LIST, TUPLE }; /* what results are in */

typedef struct { /* `Call` of entry.py */
  const Program *program;
  int64_t arguments, leaves, container;
  const int64_t *given;    /* how many numbers each argument is: an array, or -1 for a float */
  const int64_t *made;     /* the same of each result */
  Object *const *makers;   /* what makes an array for each result */
} Call;

static const Array *array_of(Object *object) { return (const Array *)typed(object); }

/* Whether all arguments are as they have to be; their numbers one after the other. */
static bool gather(const Call *c, Object *const *args, double *values) {
  for (int64_t k = 0; k < c->arguments; k++) {
    int64_t count = c->given[k];
    if (count < 0) {
      if (*typed(args[k]) != &FLOAT_TYPE) return false;
      *values++ = PyFloat_AsDouble(args[k]);
      continue;
    }
    const Array *a = line(args[k]);
    if (!a || a->numbers != &DOUBLE || a->shape[0] != count || a->strides[0] != sizeof(double)) return false;
    __builtin_memcpy(values, a->data, count * sizeof(double));
    values += count;
  }
  return true;
}

/* The only result, an array, which is computed in place. */
static Object *alone(const Call *c, const double *values) {
  Object *made = PyObject_CallNoArgs(c->makers[0]);
  if (!made || compute(c->program, values, (double *)array_of(made)->data)) return made;
  Py_DecRef(made);
  return NULL;
}

static Object *leaf(const Call *c, int64_t k, int64_t start, const double *results) {
  if (c->made[k] < 0) return item(c->program, start, results[start]);
  Object *found = PyObject_CallNoArgs(c->makers[k]);
  if (found) __builtin_memcpy(array_of(found)->data, results + start, c->made[k] * sizeof(double));
  return found;
}

static Object *all(const Call *c, const double *results) {
  if (c->container == ALONE) return leaf(c, 0, 0, results);
  bool list = c->container == LIST;
  Object *made = list ? PyList_New(c->leaves) : PyTuple_New(c->leaves);
  int64_t start = 0;
  for (int64_t k = 0; made && k < c->leaves; k++) {
    Object *found = leaf(c, k, start, results);
    if (!found) {
      Py_DecRef(made);
      return NULL;
    }
    (list ? PyList_SetItem : PyTuple_SetItem)(made, k, found);
    start += c->made[k] < 0 ? 1 : c->made[k];
  }
  return made;
}

Object *nested(Object *self, Object *const *args, int64_t count, Object *names) {
  Object *held = typed(self)[1];
  const Call *c = held && !names ? PyCapsule_GetPointer(held, NULL) : NULL;
  if (!c || count != c->arguments) return slowly(self, args, count, names);
  const Program *p = c->program;
  bool in_place = c->container == ALONE && c->made[0] >= 0;
  double small[SMALL], *values = room(small, p->inputs + (in_place ? 0 : p->outputs)), *results = values + p->inputs;
  if (!values) return NULL;
  bool usual = gather(c, args, values);
  Object *made = NULL;
  if (usual && in_place) made = alone(c, values);
  else if (usual && compute(p, values, results)) made = all(c, results);
  leave(values, small);
  return usual ? made : slowly(self, args, count, names);
}
