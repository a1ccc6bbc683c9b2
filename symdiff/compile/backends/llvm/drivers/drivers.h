/* What the drivers see of CPython, of NumPy's arrays and of a compiled program.

   What is declared here and defined nowhere has an address in the process that runs it, which entry.py fills in. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* -- CPython and NumPy ---------------------------------------------------------- */

typedef struct Object Object;
extern Object ARRAY_TYPE, NONE, TYPE_ERROR;
extern char TYPE_OFFSET; /* where an object's type stands, behind what builds of Python differ in */

typedef struct { /* an array from its type on: NumPy's binary interface */
  Object *type;
  char *data;
  int32_t dimensions;
  int64_t *shape, *strides;
} Array;

Object *PyBool_FromLong(int64_t);
void *PyCapsule_GetPointer(Object *, const char *);
Object *PyErr_NoMemory(void);
Object *PyErr_Occurred(void);
void PyErr_SetString(Object *, const char *);
void PyEval_RestoreThread(void *);
void *PyEval_SaveThread(void);
double PyFloat_AsDouble(Object *);
Object *PyFloat_FromDouble(double);
void PyMem_RawFree(void *);
void *PyMem_RawMalloc(int64_t);
Object *PyTuple_New(int64_t);
int32_t PyTuple_SetItem(Object *, int64_t, Object *);
void Py_DecRef(Object *);
void Py_IncRef(Object *);

/* -- a program: `Program` of entry.py ------------------------------------------- */

typedef struct {
  bool (*core)(void *context, int64_t vectors, const char *const *in, const int64_t *step, char *const *out);
  void *context;
  int64_t inputs, outputs;
  int64_t lanes;  /* numbers in a vector */
  int64_t size;   /* bytes of a number: 8 or 4 */
  int64_t *sizes; /* bytes of each result: `size`, or 1 for a bool */
  bool (*single)(void *context, const double *values, double *results);
} Program;

static const Program *program(Object *self) { return PyCapsule_GetPointer(self, NULL); }

static Object *none(void) {
  Py_IncRef(&NONE);
  return &NONE;
}

static Object *wrong_number(void) {
  PyErr_SetString(&TYPE_ERROR, "wrong number of arguments");
  return NULL;
}

static Object *wrong_arrays(void) {
  PyErr_SetString(&TYPE_ERROR, "not arrays of one dimension and of the expected length");
  return NULL;
}

/* An array of one dimension, NULL for anything else. */
static const Array *line(Object *object) {
  const Array *array = (const Array *)((char *)object + (intptr_t)&TYPE_OFFSET);
  return array->type == &ARRAY_TYPE && array->dimensions == 1 ? array : NULL;
}
