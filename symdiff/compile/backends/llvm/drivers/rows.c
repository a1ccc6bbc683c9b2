/* A grid row by row: compute_rows(program, grid). */
#include "grid.h"

/* Some vectors of a row, from an entry on: all in place but for results that are added up, or all of it in buffers. */
static bool compute_part(const Program *p, Grid *g, int64_t start, int64_t entry, int64_t vectors, bool held) {
  for (int64_t k = 0; k < p->inputs; k++) g->in[k] = g->step[k] ? g->data[k] + entry * p->size : g->buffers + k * g->room;
  for (int64_t k = 0; k < p->outputs; k++) {
    bool direct = !held && p->folds[k] == KEPT;
    g->to[k] = direct ? g->out[k] + (start + entry) * p->sizes[k] : g->buffers + (p->inputs + k) * g->room;
  }
  return p->core(p->context, vectors, g->in, g->step, g->to);
}

/* A row. What is left behind its last whole vector is the end of a vector that begins before. */
static bool compute_row(const Program *p, Grid *g, int64_t start, int64_t row, bool folded) {
  int64_t whole = row / p->lanes * p->lanes, most = folded ? BLOCK : whole, left = row - whole;
  for (int64_t entry = 0; entry < whole; entry += most) {
    int64_t count = whole - entry < most ? whole - entry : most;
    if (!compute_part(p, g, start, entry, count / p->lanes, false)) return false;
    for (int64_t k = 0; folded && k < p->outputs; k++)
      if (p->folds[k] != KEPT) fold(p, g, k, start + entry, count);
  }
  if (!left) return true;
  if (!compute_part(p, g, start, row - p->lanes, 1, folded)) return false;
  if (!folded) return true; /* entries that were there before are the same again */
  for (int64_t k = 0; k < p->outputs; k++) {
    g->to[k] += (p->lanes - left) * p->sizes[k];
    if (p->folds[k] != KEPT) fold(p, g, k, start + whole, left);
    else copy(p->sizes[k], g->out[k] + (start + whole) * p->sizes[k], p->sizes[k], g->to[k], p->sizes[k], left);
  }
  return true;
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
        copy(p->size, g->buffers + k * g->room, p->size, g->data[k], 0, p->lanes);
    if (!compute_row(p, g, start, row, folded)) return false;
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
