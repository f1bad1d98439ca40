/// Counts the allocations of the calling thread.
#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

#include <stdint.h>

/// Allocations of this thread so far; -1 where they are not counted (another libc, a sanitizer).
int64_t allocation_count(void);

#endif
