/* A grid row by row: compute_rows(program, grid). */
#include "grid.h"

typedef int64_t __attribute__((aligned(1))) Eight_bytes;
typedef int32_t __attribute__((aligned(1))) Four_bytes;

/* A number in every lane of a buffer. */
static void repeat(int64_t size, char *to, const char *from, int64_t lanes) {
  if (size == 8)
    for (int64_t j = 0; j < lanes; j++) ((Eight_bytes *)to)[j] = *(const Eight_bytes *)from;
  else
    for (int64_t j = 0; j < lanes; j++) ((Four_bytes *)to)[j] = *(const Four_bytes *)from;
}

/* A row. What is left behind its last whole vector is the end of a vector that begins before. */
static bool compute_row(const Program *p, Grid *g, int64_t start, int64_t row) {
  int64_t vectors = row / p->lanes;
  if (!compute_part(p, g, start, 0, vectors, false)) return false;
  return row == vectors * p->lanes || compute_part(p, g, start, row - p->lanes, 1, false);
}

bool compute_rows(const Program *p, Grid *g) {
  int64_t at[AXES] = {0}, last = g->axes - 1, row = g->shape[last];
  bool folded = false;
  for (int64_t k = 0; k < p->outputs; k++) folded |= p->folds[k] != KEPT;
  for (int64_t k = 0; k < p->inputs; k++) {
    int64_t *steps = g->steps + k * AXES;
    g->step[k] = steps[last] ? p->lanes * p->size : 0;
    steps[last] = 0; /* from now on: whether there is another number in another row */
    for (int64_t d = 0; d < last; d++) steps[last] |= steps[d];
  }
  for (int64_t start = 0; start < g->length; start += row) {
    for (int64_t k = 0; k < p->inputs; k++)
      if (!g->step[k] && (!start || g->steps[k * AXES + last]))
        repeat(p->size, g->buffers + k * g->room, g->data[k], p->lanes);
    if (!(folded ? p->compute_folded_row(p, g, start, row) : compute_row(p, g, start, row))) return false;
    at[last - 1]++;
    for (int64_t k = 0; k < p->inputs; k++) g->data[k] += g->steps[k * AXES + last - 1];
    for (int64_t d = last - 1; d > 0 && at[d] == g->shape[d]; d--) {
      for (int64_t k = 0; k < p->inputs; k++)
        g->data[k] += g->steps[k * AXES + d - 1] - g->shape[d] * g->steps[k * AXES + d];
      at[d] = 0;
      at[d - 1]++;
    }
  }
  return true;
}
