/* What the drivers see of CPython, of NumPy's arrays and of a compiled program.

   What is declared here and defined nowhere has an address in the process that runs it, which entry.py fills in. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* -- CPython and NumPy ---------------------------------------------------------- */

typedef struct Object Object;
extern Object ARRAY_TYPE, DOUBLE, FLOAT_TYPE, NONE, SLOWLY, TYPE_ERROR;
extern char TYPE_OFFSET; /* where an object's type stands, behind what builds of Python differ in */

typedef struct { /* an array from its type on: NumPy's binary interface */
  Object *type;
  char *data;
  int32_t dimensions;
  int64_t *shape, *strides;
  Object *base, *numbers; /* what has the memory; the type of the entries, of which DOUBLE is NumPy's only one */
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
Object *PyList_New(int64_t);
int32_t PyList_SetItem(Object *, int64_t, Object *);
Object *PyObject_CallNoArgs(Object *);
Object *PyObject_VectorcallMethod(Object *, Object *const *, int64_t, Object *);
void PyMem_RawFree(void *);
void *PyMem_RawCalloc(int64_t, int64_t);
void *PyMem_RawMalloc(int64_t);
Object *PyTuple_New(int64_t);
int64_t PyTuple_Size(Object *);
int32_t PyTuple_SetItem(Object *, int64_t, Object *);
void Py_DecRef(Object *);
void Py_IncRef(Object *);

/* -- results of which only the sum or the largest entry is wanted ------------------ */

enum { KEPT, TOTAL, ROWS, LARGEST, LARGEST_ROWS }; /* what becomes of the entries of a result: array_loops.py */

typedef struct { /* a sum and what rounding took off it: Neumaier, ZAMM 54, 39 (1974) */
  double sum, rest;
} Sum;

enum { AXES = 8 }; /* most axes of a grid */

/* -- a program: `Program` of entry.py ------------------------------------------- */

typedef struct Grid Grid;

typedef struct Program Program;

struct Program {
  bool (*core)(void *context, int64_t vectors, const char *const *in, const int64_t *step, char *const *out);
  void *context;
  int64_t inputs, outputs;
  int64_t lanes;  /* numbers in a vector */
  int64_t size;   /* bytes of a number: 8 or 4 */
  int64_t *sizes; /* bytes of each result: `size`, or 1 for a bool */
  bool (*single)(void *context, const double *values, double *results);
  int64_t *folds; /* what becomes of each result of a grid */
  void (*take)(Sum *sum, int64_t fold, const char *from, int64_t size, int64_t count); /* of folds.c, as rows is */
  void (*rows)(int64_t fold, const char *from, int64_t size, int64_t row, int64_t count, char *to);
  void (*fill)(int64_t size, const char *from, int64_t axes, const int64_t *shape, const int64_t *steps, int64_t start,
               int64_t count, char *to); /* of fill.c */
  bool (*compute_rows)(const Program *, Grid *); /* of rows.c */
  bool (*compute_folded_row)(const Program *, Grid *, int64_t start, int64_t row); /* of folded_rows.c */
};

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

/* -- buffers of whole vectors ------------------------------------------------------ */

enum { BLOCK = 256 }; /* points in a buffer */

/* Unrolled: one item a turn would make strided batches take twice as long. */
#define COPY(name, type)                                                                                \
  typedef type __attribute__((aligned(1))) name##_item;                                                 \
  static void name(char *to, int64_t to_step, const char *from, int64_t from_step, int64_t count) {     \
    _Pragma("clang loop unroll_count(8)") for (; count > 0; count--, to += to_step, from += from_step)  \
        *(name##_item *)to = *(const name##_item *)from;                                                \
  }
COPY(copy_8, int64_t)
COPY(copy_4, int32_t)
COPY(copy_1, int8_t)

static __attribute__((noinline)) void copy(int64_t size, char *to, int64_t to_step, const char *from,
                                           int64_t from_step, int64_t count) {
  if (size == 8) copy_8(to, to_step, from, from_step, count);
  else if (size == 4) copy_4(to, to_step, from, from_step, count);
  else copy_1(to, to_step, from, from_step, count);
}

static int64_t up(int64_t count, int64_t lanes) { return (count + lanes - 1) / lanes * lanes; }
