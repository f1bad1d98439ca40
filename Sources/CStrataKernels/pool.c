/// Threads and per-thread scratch.
#include "kernels.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  void *memory;
  size_t capacity;
} scratch_buffer;

static _Thread_local scratch_buffer scratch[STRATA_SCRATCH_COUNT];

void *strata_scratch(int use, size_t bytes) {
  scratch_buffer *buffer = &scratch[use];
  if (buffer->capacity < bytes) {
    free(buffer->memory);
    size_t capacity = (bytes + bytes / 4 + 4095) & ~(size_t)4095;
    buffer->memory = NULL;
    if (posix_memalign(&buffer->memory, 64, capacity) != 0) abort();
    buffer->capacity = capacity;
  }
  return buffer->memory;
}

void strata_parallel(int64_t tasks, void (*body)(void *context, int64_t task), void *context) {
  for (int64_t i = 0; i < tasks; i++) body(context, i);
}

int64_t strata_task_count(double work, double work_per_task) {
  (void)work;
  (void)work_per_task;
  return 1;
}

static int32_t thread_count = 1;

int32_t strata_thread_count(void) { return thread_count; }

void strata_set_thread_count(int32_t count) { thread_count = count < 1 ? 1 : count; }
