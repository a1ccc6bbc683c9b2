/* What a grid is, and what becomes of entries of which only the sum or the largest is wanted. */
#include "drivers.h"

enum { LONG = 16 }; /* least entries of a row that is computed alone */

struct Grid {
  int64_t axes, shape[AXES];
  int64_t length, row;   /* entries of all and of a row */
  int64_t block;         /* entries of a block: whole rows and whole vectors where rows are added up */
  const char **data;     /* of each input */
  int64_t *steps;        /* bytes from entry to entry: AXES numbers for each input */
  double *numbers;       /* inputs that are floats */
  char **out;
  Sum *sums;             /* of the row or total that each result is in */
  const char **in;       /* what `core` gets */
  char **to;
  int64_t *step;
  char *buffers;
  int64_t room; /* bytes of a buffer */
};

static double total(const Sum *s) { return s->rest == s->rest ? s->sum + s->rest : s->sum; }

static bool of_rows(int64_t fold) { return fold == ROWS || fold == LARGEST_ROWS; }

static void begin(Sum *s, int64_t fold) {
  s->sum = fold >= LARGEST ? -__builtin_inf() : 0;
  s->rest = 0;
}

static void write_number(char *to, int64_t size, int64_t k, double x) {
  if (size == 4) ((float *)to)[k] = (float)x;
  else ((double *)to)[k] = x;
}

static __attribute__((noinline)) void fold(const Program *p, Grid *g, int64_t k, int64_t start, int64_t count) {
  const char *from = g->to[k];
  Sum *s = &g->sums[k];
  int64_t kind = p->folds[k], size = of_rows(kind) ? g->row : g->length;
  int64_t row = start / size, left = size - start % size;
  if (left == size && count >= size && of_rows(kind)) {
    int64_t whole = count / size;
    p->rows(kind, from, p->size, size, whole, g->out[k] + row * p->size);
    from += whole * size * p->size;
    count -= whole * size;
    row += whole;
  }
  while (count > 0) {
    int64_t run = left < count ? left : count;
    p->take(s, kind, from, p->size, run);
    from += run * p->size;
    count -= run;
    left -= run;
    if (left) return;
    write_number(g->out[k], p->size, row++, total(s));
    begin(s, kind);
    left = size;
  }
}

/* Some vectors of a row, from an entry on: all in place but for results that are added up, or all of it in buffers. */
static __attribute__((noinline)) bool compute_part(const Program *p, Grid *g, int64_t start, int64_t entry,
                                                   int64_t vectors, bool held) {
  for (int64_t k = 0; k < p->inputs; k++) g->in[k] = g->step[k] ? g->data[k] + entry * p->size : g->buffers + k * g->room;
  for (int64_t k = 0; k < p->outputs; k++) {
    bool direct = !held && p->folds[k] == KEPT;
    g->to[k] = direct ? g->out[k] + (start + entry) * p->sizes[k] : g->buffers + (p->inputs + k) * g->room;
  }
  return p->core(p->context, vectors, g->in, g->step, g->to);
}
