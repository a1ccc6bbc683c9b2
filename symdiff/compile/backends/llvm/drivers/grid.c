/* Arrays of any shape that broadcast against each other: grid(*inputs, *outputs).

   An input is an array or a float, an output a contiguous array: of the shape of the grid, or, where the entries of a
   result are added up, of one number for all of them (TOTAL), or for each row of the last axis (ROWS); the same of
   their largest (LARGEST, LARGEST_ROWS; nan where one is). The grid is computed block by block; whole blocks of
   contiguous arrays are read and written in place. Where an input is repeated along an axis, the grid is computed row by
   row, so that the row or the number that is repeated is read where it is; rows that are too short for that are copied,
   once for all blocks where every block has the same of them. */
#include "grid.h"

double PyFloat_AsDouble(Object *);

static const Array *array_of(Object *object) {
  const Array *array = (const Array *)((char *)object + (intptr_t)&TYPE_OFFSET);
  return array->type == &ARRAY_TYPE ? array : NULL;
}

/* -- what goes in ------------------------------------------------------------------- */

/* The shape of the grid: of all inputs together. */
static __attribute__((noinline)) bool measure(const Program *p, Object *const *args, Grid *g) {
  for (int64_t k = 0; k < p->inputs; k++) {
    const Array *a = array_of(args[k]);
    if (!a) continue;
    if (a->dimensions > AXES) return false;
    int64_t more = a->dimensions - g->axes;
    for (int64_t d = g->axes - 1; more > 0 && d >= 0; d--) g->shape[d + more] = g->shape[d];
    for (int64_t d = 0; d < more; d++) g->shape[d] = 1;
    g->axes = more > 0 ? a->dimensions : g->axes;
    for (int64_t d = 0; d < a->dimensions; d++) {
      int64_t *side = &g->shape[g->axes - a->dimensions + d], size = a->shape[d];
      if (*side == 1) *side = size;
      else if (size != 1 && size != *side) return false;
    }
  }
  g->length = 1;
  for (int64_t d = 0; d < g->axes; d++) g->length *= g->shape[d];
  g->row = g->axes ? g->shape[g->axes - 1] : 1;
  return true;
}

static __attribute__((noinline)) bool stride(const Program *p, Object *const *args, Grid *g) {
  for (int64_t k = 0; k < p->inputs; k++) {
    const Array *a = array_of(args[k]);
    int64_t *steps = g->steps + k * AXES;
    for (int64_t d = 0; d < AXES; d++) steps[d] = 0;
    if (a) {
      g->data[k] = a->data;
      int64_t first = g->axes - a->dimensions;
      for (int64_t d = 0; d < a->dimensions; d++) steps[first + d] = a->shape[d] == 1 ? 0 : a->strides[d];
      continue;
    }
    double x = PyFloat_AsDouble(args[k]);
    if (x == -1.0 && PyErr_Occurred()) return false;
    if (p->size == 4) *(float *)&g->numbers[k] = (float)x;
    else g->numbers[k] = x;
    g->data[k] = (const char *)&g->numbers[k];
  }
  return true;
}

/* Make neighbouring axes one where one step leads through both in every input. */
static void merge(const Program *p, Grid *g) {
  int64_t last = 0;
  for (int64_t d = 1; d < g->axes; d++) {
    bool one = true;
    for (int64_t k = 0; one && k < p->inputs; k++) {
      const int64_t *steps = g->steps + k * AXES;
      one = steps[last] == steps[d] * g->shape[d];
    }
    if (one) g->shape[last] *= g->shape[d];
    else g->shape[++last] = g->shape[d];
    for (int64_t k = 0; k < p->inputs; k++) g->steps[k * AXES + last] = g->steps[k * AXES + d];
  }
  g->axes = g->axes ? last + 1 : 0;
}

/* Whether an input is contiguous and has an entry for each of the grid. */
static bool is_line(const Grid *g, int64_t k, int64_t size) {
  int64_t step = size;
  for (int64_t d = g->axes - 1; d >= 0; d--) {
    if (g->steps[k * AXES + d] != step) return false;
    step *= g->shape[d];
  }
  return true;
}

static bool is_number(const Grid *g, int64_t k) { return !g->axes || (g->axes == 1 && g->steps[k * AXES] == 0); }

/* Whether an input is a row that is repeated along all other axes. */
static bool is_one_row(const Grid *g, int64_t k) {
  for (int64_t d = 0; d + 1 < g->axes; d++)
    if (g->steps[k * AXES + d]) return false;
  return g->axes > 1;
}

/* Whether every block has the same of an input. */
static bool is_alike(const Grid *g, int64_t k) { return is_one_row(g, k) && g->block % g->shape[g->axes - 1] == 0; }

/* -- what comes out --------------------------------------------------------------------- */

/* Choose the size of a block: of whole vectors, and of whole rows where rows are added up or repeated. */
static void divide(const Program *p, Grid *g) {
  int64_t rows[2] = {0, 0}; /* entries of a row that is repeated, of one that is added up */
  for (int64_t k = 0; k < p->inputs; k++)
    if (is_one_row(g, k)) rows[0] = g->shape[g->axes - 1];
  for (int64_t k = 0; k < p->outputs; k++)
    if (of_rows(p->folds[k])) rows[1] = g->row;
  if (rows[0] && rows[1] && rows[0] % rows[1]) rows[0] = 0; /* for what is added up goes first */
  g->block = BLOCK;
  for (int64_t k = 0; k < 2; k++) {
    int64_t both = rows[k] % p->lanes ? rows[k] * p->lanes : rows[k];
    if (both && both <= BLOCK) {
      g->block = BLOCK / both * both;
      break;
    }
  }
}

static __attribute__((noinline)) bool compute_blocks(const Program *p, Grid *g) {
  for (int64_t start = 0; start < g->length; start += g->block) {
    int64_t count = g->length - start < g->block ? g->length - start : g->block, rows = up(count, p->lanes);
    for (int64_t k = 0; k < p->inputs; k++) {
      char *to = g->buffers + k * g->room;
      g->in[k] = to;
      g->step[k] = p->lanes * p->size;
      if (rows == count && is_line(g, k, p->size)) g->in[k] = g->data[k] + start * p->size;
      else if (is_number(g, k)) {
        g->step[k] = 0;
        if (!start) copy(p->size, to, p->size, g->data[k], 0, p->lanes);
      } else if (!start || !is_alike(g, k)) {
        p->fill(p->size, g->data[k], g->axes, g->shape, g->steps + k * AXES, start, count, to);
        copy(p->size, to + count * p->size, p->size, to + (count - 1) * p->size, 0, rows - count);
      }
    }
    for (int64_t k = 0; k < p->outputs; k++) {
      bool direct = rows == count && p->folds[k] == KEPT;
      g->to[k] = direct ? g->out[k] + start * p->sizes[k] : g->buffers + (p->inputs + k) * g->room;
    }
    if (!p->core(p->context, rows / p->lanes, g->in, g->step, g->to)) return false;
    for (int64_t k = 0; k < p->outputs; k++) {
      if (p->folds[k] != KEPT) fold(p, g, k, start, count);
      else if (rows != count)
        copy(p->sizes[k], g->out[k] + start * p->sizes[k], p->sizes[k], g->to[k], p->sizes[k], count);
    }
  }
  return true;
}

/* Whether a row of every input is contiguous or one number, and long: longer than half a block where no block needs
   what is copied anew. */
static bool is_by_rows(const Program *p, const Grid *g) {
  if (g->axes < 2 || g->shape[g->axes - 1] < LONG) return false;
  bool alike = 2 * g->shape[g->axes - 1] <= g->block;
  for (int64_t k = 0; k < p->inputs; k++) {
    int64_t step = g->steps[k * AXES + g->axes - 1];
    if (step != 0 && step != p->size) return false;
    alike = alike && (is_alike(g, k) || is_line(g, k, p->size));
  }
  return !alike;
}

static bool outputs_fit(const Program *p, Object *const *args, Grid *g) {
  for (int64_t k = 0; k < p->outputs; k++) {
    const Array *a = array_of(args[p->inputs + k]);
    if (!a) return false;
    int64_t size = 1, rows = g->row ? g->length / g->row : 0;
    for (int64_t d = 0; d < a->dimensions; d++) size *= a->shape[d];
    if (size != (p->folds[k] == KEPT ? g->length : of_rows(p->folds[k]) ? rows : 1)) return false;
    g->out[k] = a->data;
    begin(&g->sums[k], p->folds[k]);
  }
  return true;
}

static Object *wrong_grid(void) {
  PyErr_SetString(&TYPE_ERROR, "not arrays that broadcast against each other, or of more than 8 axes");
  return NULL;
}

Object *grid(Object *self, Object *const *args, int64_t count) {
  const Program *p = program(self);
  int64_t arrays = p->inputs + p->outputs;
  if (count != arrays) return wrong_number();
  Grid g = {.axes = 0};
  if (!measure(p, args, &g)) return wrong_grid();
  g.room = (BLOCK + p->lanes) * 8 + 64; /* so that buffers do not all meet in the same lines of the cache */
  int64_t tables = p->inputs * (4 + AXES) + p->outputs * 4;
  char *memory = PyMem_RawMalloc(arrays * g.room + tables * 8 + 64);
  if (!memory) return PyErr_NoMemory();
  g.buffers = (char *)(((intptr_t)memory + 63) & -64);
  char *next = g.buffers + arrays * g.room;
  g.data = (const char **)next, g.in = g.data + p->inputs;
  g.step = (int64_t *)(g.in + p->inputs), g.numbers = (double *)(g.step + p->inputs);
  g.steps = (int64_t *)(g.numbers + p->inputs);
  g.out = (char **)(g.steps + p->inputs * AXES), g.to = g.out + p->outputs;
  g.sums = (Sum *)(g.to + p->outputs);
  Object *found = NULL;
  if (!outputs_fit(p, args, &g)) found = wrong_grid();
  else if (stride(p, args, &g)) {
    void *thread = PyEval_SaveThread();
    merge(p, &g);
    divide(p, &g);
    bool done = is_by_rows(p, &g) ? p->compute_rows(p, &g) : compute_blocks(p, &g);
    PyEval_RestoreThread(thread);
    found = done ? none() : PyErr_NoMemory();
  }
  PyMem_RawFree(memory);
  return found;
}
