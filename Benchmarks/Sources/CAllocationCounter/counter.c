/// The allocation functions, in front of those of glibc.
///
/// The executable's definitions take precedence for every library of the process.
#include "allocation_counter.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#endif
#endif

#if defined(__GLIBC__) && !defined(IS_SANITIZED)

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static _Thread_local int64_t count;

int64_t allocation_count(void) { return count; }

void *malloc(size_t bytes) {
  count++;
  return __libc_malloc(bytes);
}
void *calloc(size_t number, size_t bytes) {
  count++;
  return __libc_calloc(number, bytes);
}
void *realloc(void *memory, size_t bytes) {
  count++;
  return __libc_realloc(memory, bytes);
}
void *memalign(size_t alignment, size_t bytes) {
  count++;
  return __libc_memalign(alignment, bytes);
}
void *aligned_alloc(size_t alignment, size_t bytes) { return memalign(alignment, bytes); }
int posix_memalign(void **memory, size_t alignment, size_t bytes) {
  *memory = memalign(alignment, bytes);
  return *memory ? 0 : ENOMEM;
}

#else

int64_t allocation_count(void) { return -1; }

#endif
