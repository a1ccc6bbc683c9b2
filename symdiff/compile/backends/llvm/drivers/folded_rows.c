/* A row of a grid of which something is added up: compute_folded_row(program, grid, first entry, entries). */
#include "grid.h"

bool compute_folded_row(const Program *p, Grid *g, int64_t start, int64_t row) {
  int64_t whole = row / p->lanes * p->lanes, left = row - whole;
  for (int64_t entry = 0; entry < row; entry += BLOCK) {
    int64_t count = entry >= whole ? left : whole - entry < BLOCK ? whole - entry : BLOCK;
    int64_t before = entry < whole ? 0 : p->lanes - left; /* entries of the last vector that were there before */
    if (!compute_part(p, g, start, entry - before, (count + before) / p->lanes, before)) return false;
    for (int64_t k = 0; k < p->outputs; k++) {
      int64_t size = p->sizes[k];
      char *to = g->out[k] + (start + entry) * size;
      g->to[k] += before * size;
      if (p->folds[k] != KEPT) fold(p, g, k, start + entry, count);
      else if (before)
        for (int64_t j = 0; j < count * size; j++) to[j] = g->to[k][j];
    }
    if (entry < whole && whole - entry <= BLOCK) entry = whole - BLOCK; /* what is left is next */
  }
  return true;
}
