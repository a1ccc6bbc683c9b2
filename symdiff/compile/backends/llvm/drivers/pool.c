/* Memory of arrays that were let go, kept for the next ones: what NumPy's PyDataMem_Handler asks for (NEP 49).

   A large array that is new has to be mapped page by page when it is first written, which takes longer than most of what
   is written. Nothing waits: who finds the pool in use goes to the C library. */
#include "drivers.h"

enum { SLOTS = 64 };
#define LEAST (1 << 15)           /* bytes of a block that is kept at least */
#define MOST (1 << 27)            /* bytes that are kept at most, all together */
#define HUGE ((int64_t)2 << 20)   /* bytes of a large page */

typedef struct {
  int64_t busy, total, next;
  struct {
    char *at;
    int64_t room;
  } kept[SLOTS];
} Pool;

typedef struct { /* before each block */
  char *raw;
  int64_t room;
} Head;

static Head *head(void *at) { return (Head *)at - 1; }

static bool claim(Pool *p) { return !__atomic_exchange_n(&p->busy, 1, __ATOMIC_ACQUIRE); }

static void leave(Pool *p) { __atomic_store_n(&p->busy, 0, __ATOMIC_RELEASE); }

static void *new(int64_t size, bool zeros) {
  int64_t room = (size + 63) & -64, aligned = room >= 2 * HUGE ? HUGE : 64;
  if (size < 0 || room < 0) return NULL;
  int64_t all = room + aligned + (int64_t)sizeof(Head);
  char *raw = zeros ? PyMem_RawCalloc(1, all) : PyMem_RawMalloc(all);
  if (!raw) return NULL;
  char *at = (char *)(((intptr_t)raw + (int64_t)sizeof(Head) + aligned - 1) & -aligned);
  *head(at) = (Head){raw, room};
  return at;
}

/* The block in a slot, which is empty then. */
static char *taken(Pool *p, int64_t k) {
  p->total -= p->kept[k].room;
  p->kept[k].room = 0;
  return p->kept[k].at;
}

/* The smallest block that is kept and large enough, but not much larger; NULL for none. */
static char *found(Pool *p, int64_t size) {
  int64_t best = -1;
  if (size < LEAST || !claim(p)) return NULL;
  for (int64_t k = 0; k < SLOTS; k++) {
    int64_t room = p->kept[k].room;
    if (room >= size && room <= size + size / 4 && (best < 0 || room < p->kept[best].room)) best = k;
  }
  char *at = best < 0 ? NULL : taken(p, best);
  leave(p);
  return at;
}

void *pool_malloc(Pool *p, int64_t size) {
  char *at = found(p, size);
  return at ? at : new(size, false);
}

void *pool_calloc(Pool *p, int64_t count, int64_t size) {
  int64_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) return NULL;
  char *at = found(p, bytes);
  if (!at) return new(bytes, true);
  __builtin_memset(at, 0, bytes); /* half the time of a loop */
  return at;
}

/* Keep a block; where too much is kept, others go, in turn. */
void pool_free(Pool *p, char *at, int64_t size) {
  (void)size;
  if (!at) return;
  int64_t room = head(at)->room, slot = -1;
  if (room < LEAST || room > MOST / 2 || !claim(p)) {
    PyMem_RawFree(head(at)->raw);
    return;
  }
  for (int64_t k = 0; k < SLOTS && slot < 0; k++)
    if (!p->kept[k].room) slot = k;
  while (slot < 0 || p->total + room > MOST) {
    int64_t k = p->next;
    p->next = (k + 1) % SLOTS;
    if (!p->kept[k].room) continue;
    PyMem_RawFree(head(taken(p, k))->raw);
    slot = k;
  }
  p->kept[slot].at = at;
  p->kept[slot].room = room;
  p->total += room;
  leave(p);
}

void *pool_realloc(Pool *p, char *at, int64_t size) {
  char *moved = pool_malloc(p, size);
  if (!at || !moved) return moved;
  int64_t room = head(at)->room < head(moved)->room ? head(at)->room : head(moved)->room;
  __builtin_memcpy(moved, at, room);
  pool_free(p, at, 0);
  return moved;
}
