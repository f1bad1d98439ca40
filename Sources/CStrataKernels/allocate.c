#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "strata_kernels.h"

#if defined(__linux__)
#include <sys/mman.h>
#endif

enum { HUGE_PAGE = 1 << 21, LINE = 64 };

/// Zeros that need not be written where the system's memory is fresh; what `free` wants is kept in
/// front.
static void *allocate_small(size_t bytes) {
  char *block = calloc(1, bytes + 2 * LINE);
  if (!block) abort();
  char *aligned = block + LINE + (size_t)(-(uintptr_t)block) % LINE;
  memcpy(aligned - sizeof block, &block, sizeof block);
  return aligned;
}

static void free_small(char *aligned) {
  char *block;
  memcpy(&block, aligned - sizeof block, sizeof block);
  free(block);
}

#if defined(__linux__) && defined(MADV_HUGEPAGE)
/// Large blocks begin at different places of a huge page, so that arrays that are read together do not
/// compete for the same sets of the caches and the same banks of memory.
enum { COLORS = 8, COLOR = 16 * 4096 + 8 * LINE };

static size_t page_bytes(int64_t bytes) {
  return ((size_t)bytes + COLORS * COLOR + 4095) / 4096 * 4096;
}

/// Zero pages that exist once they are touched, huge ones where the system has them: a fault for each
/// 2 MiB instead of each 4 KiB.
static void *allocate_pages(size_t bytes) {
  size_t whole = bytes + HUGE_PAGE;
  char *block = mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (block == MAP_FAILED) abort();
  size_t before = (size_t)(-(uintptr_t)block) % HUGE_PAGE;
  if (before > 0) munmap(block, before);
  munmap(block + before + bytes, whole - before - bytes);
  madvise(block + before, bytes, MADV_HUGEPAGE);
  static _Atomic unsigned count;
  unsigned color = atomic_fetch_add_explicit(&count, 1, memory_order_relaxed) % COLORS;
  return block + before + color * COLOR;
}

void *strata_allocate(int64_t bytes) {
  return bytes < HUGE_PAGE ? allocate_small((size_t)bytes) : allocate_pages(page_bytes(bytes));
}

void strata_free(void *block, int64_t bytes) {
  if (bytes < HUGE_PAGE) free_small(block);
  else munmap((char *)block - (uintptr_t)block % HUGE_PAGE, page_bytes(bytes));
}
#else
void *strata_allocate(int64_t bytes) { return allocate_small((size_t)bytes); }

void strata_free(void *block, int64_t bytes) {
  (void)bytes;
  free_small(block);
}
#endif
