/* One point:
     scalar(*floats)          gives a tuple,
     point(results, *floats)  fills a contiguous array of the program's numbers, conditions as 0 and 1,
     number(self, *floats)    gives the only result, as a method: the first slot of self holds the program. */
#include "point.h"

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
