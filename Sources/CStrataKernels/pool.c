/// Threads and per-thread scratch.
///
/// One persistent pool. Each thread has a share of a region's tasks, the same one in every region,
/// so that a core finds in its cache what it wrote there before; tasks are claimed a few at a time,
/// those of others when the own are gone. The caller takes part and waits only for tasks that were
/// claimed, never for a worker that has not turned up: a descheduled worker costs nothing. Workers
/// spin briefly, then sleep. A region that finds the pool busy runs on its caller alone. None of this
/// can change a result, because every task's result is independent of who runs it.
#define _GNU_SOURCE  // sched_getaffinity
#include "kernels.h"

#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#endif
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

// MARK: Scratch

typedef struct {
  void *memory;
  size_t capacity;
} scratch_buffer;

static _Thread_local scratch_buffer scratch[STRATA_SCRATCH_COUNT];
static pthread_key_t scratch_key;
static pthread_once_t scratch_once = PTHREAD_ONCE_INIT;

/// Called when a thread ends: its buffers go with it.
static void free_scratch(void *buffers) {
  scratch_buffer *buffer = buffers;
  for (int i = 0; i < STRATA_SCRATCH_COUNT; i++) free(buffer[i].memory);
}

static void make_scratch_key(void) { pthread_key_create(&scratch_key, free_scratch); }

static void grow_scratch(scratch_buffer *buffer, size_t bytes) {
  pthread_once(&scratch_once, make_scratch_key);
  pthread_setspecific(scratch_key, scratch);
  free(buffer->memory);
  buffer->memory = NULL;
  buffer->capacity = (bytes + bytes / 4 + 4095) & ~(size_t)4095;
  if (posix_memalign(&buffer->memory, 4096, buffer->capacity) != 0) abort();
}

void *strata_scratch(int use, size_t bytes) {
  scratch_buffer *buffer = &scratch[use];
  if (buffer->capacity < bytes) grow_scratch(buffer, bytes);
  return buffer->memory;
}

// MARK: Float mode

uint64_t strata_enter_float_mode(void) {
#if defined(__x86_64__)
  uint32_t mode = _mm_getcsr();
  if (mode & 0xe040) _mm_setcsr(mode & ~0xe040u);  // flush, rounding, denormals are zero
  return mode;
#elif defined(__aarch64__)
  uint64_t mode;
  __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
  if (mode & 0x3c80000) __asm__ volatile("msr fpcr, %0" : : "r"(mode & ~0x3c80000ull));
  return mode;
#else
  return 0;
#endif
}

void strata_leave_float_mode(uint64_t mode) {
#if defined(__x86_64__)
  if (mode & 0xe040) _mm_setcsr((uint32_t)mode);
#elif defined(__aarch64__)
  if (mode & 0x3c80000) __asm__ volatile("msr fpcr, %0" : : "r"(mode));
#else
  (void)mode;
#endif
}

// MARK: The pool

enum { MAXIMUM_THREADS = 256, SPIN_NANOSECONDS = 300000 };

/// The region's generation (upper half) and the next free task of one thread's share (lower half).
typedef struct {
  _Alignas(64) _Atomic(uint64_t) value;
} pool_ticket;

/// The caller's ticket, then the workers'. `finished` counts the tasks that are done.
static struct {
  pool_ticket tickets[MAXIMUM_THREADS];
  _Atomic(int64_t) finished;
  _Atomic(uint32_t) generation;  // what sleeping workers wait on
  _Atomic(int32_t) sleeping;
  _Atomic(bool) busy;
  _Atomic(uint32_t) task_count;
  _Atomic(uint32_t) grain;   // tasks claimed at a time
  _Atomic(int32_t) helpers;  // how many workers may join
  _Atomic(uintptr_t) body;
  _Atomic(uintptr_t) context;
  int32_t workers;  // started so far; only the owner of `busy` reads or writes it
} pool;

static _Atomic(int32_t) thread_count;
static _Thread_local bool inside_region;

static inline void relax(void) {
#if defined(__x86_64__)
  _mm_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static int64_t nanoseconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

#if defined(__linux__)
static void sleep_while(uint32_t seen) {
  syscall(SYS_futex, &pool.generation, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
}
static void wake_all(void) {
  syscall(SYS_futex, &pool.generation, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}
#else
static pthread_mutex_t sleep_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t sleep_condition = PTHREAD_COND_INITIALIZER;
static void sleep_while(uint32_t seen) {
  pthread_mutex_lock(&sleep_lock);
  while (atomic_load(&pool.generation) == seen) pthread_cond_wait(&sleep_condition, &sleep_lock);
  pthread_mutex_unlock(&sleep_lock);
}
static void wake_all(void) {
  pthread_mutex_lock(&sleep_lock);
  pthread_cond_broadcast(&sleep_condition);
  pthread_mutex_unlock(&sleep_lock);
}
#endif

/// Where the share of thread `index` of `threads` starts.
static inline uint32_t share_start(uint32_t tasks, uint32_t threads, uint32_t index) {
  return (uint32_t)((uint64_t)tasks * index / threads);
}

/// Claims and runs a few tasks of a share of the region `generation`; false if none is free.
static bool run_some(uint32_t generation, uint32_t share) {
  _Atomic(uint64_t) *next = &pool.tickets[share].value;
  uint64_t ticket = atomic_load_explicit(next, memory_order_acquire);
  if ((uint32_t)(ticket >> 32) != generation) return false;
  uint32_t task = (uint32_t)ticket;
  // If these are already a later region's, the ticket was closed before, and the claim fails;
  // a claim that succeeds pins the region until its task is finished.
  uint32_t count = atomic_load_explicit(&pool.task_count, memory_order_acquire);
  uint32_t grain = atomic_load_explicit(&pool.grain, memory_order_acquire);
  uint32_t threads = (uint32_t)atomic_load_explicit(&pool.helpers, memory_order_acquire) + 1;
  uintptr_t body = atomic_load_explicit(&pool.body, memory_order_acquire);
  uintptr_t context = atomic_load_explicit(&pool.context, memory_order_acquire);
  uint32_t end = share_start(count, threads, share + 1);
  if (task >= end) return false;
  if (!atomic_compare_exchange_weak_explicit(next, &ticket, ticket + grain, memory_order_acq_rel,
                                             memory_order_relaxed))
    return true;
  if (end - task > grain) end = task + grain;
  for (uint32_t i = task; i < end; i++) ((void (*)(void *, int64_t))body)((void *)context, i);
  atomic_fetch_add_explicit(&pool.finished, end - task, memory_order_release);
  return true;
}

/// Runs tasks until none is free: those of the own share, then of the shares that follow it.
static void run_tasks(uint32_t generation, int32_t threads, int32_t own) {
  for (int32_t i = 0; i < threads; i++) {
    uint32_t share = (uint32_t)((own + i) % threads);
    while (run_some(generation, share)) {}
  }
}

static void *worker_main(void *argument) {
  int32_t index = (int32_t)(intptr_t)argument;
  inside_region = true;
  strata_enter_float_mode();
  uint32_t seen = 0;
  for (;;) {
    int64_t until = 0;
    uint32_t now;
    for (int spins = 0;; spins++) {
      now = atomic_load_explicit(&pool.generation, memory_order_acquire);
      if (now != seen) break;
      relax();
      if (spins % 64 != 63) continue;
      if (until == 0) until = nanoseconds() + SPIN_NANOSECONDS;
      if (nanoseconds() < until) continue;
      atomic_fetch_add(&pool.sleeping, 1);
      if (atomic_load(&pool.generation) == seen) sleep_while(seen);
      atomic_fetch_sub(&pool.sleeping, 1);
    }
    seen = now;
    int32_t helpers = atomic_load_explicit(&pool.helpers, memory_order_acquire);
    if (index < helpers) run_tasks(now, helpers + 1, index + 1);
  }
  return NULL;
}

static void start_workers(int32_t wanted) {
  for (; pool.workers < wanted; pool.workers++) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, worker_main, (void *)(intptr_t)pool.workers) != 0) return;
    pthread_detach(thread);
  }
}

/// Sets every ticket: to the start of its share, or so that nothing can be claimed.
static void set_tickets(uint32_t generation, uint32_t tasks, uint32_t threads, bool isOpen) {
  for (uint32_t i = 0; i <= (uint32_t)pool.workers; i++) {
    uint32_t next = isOpen && i < threads ? share_start(tasks, threads, i) : UINT32_MAX;
    atomic_store_explicit(&pool.tickets[i].value, ((uint64_t)generation << 32) | next,
                          memory_order_release);
  }
}

static void run_alone(int64_t tasks, void (*body)(void *, int64_t), void *context) {
  for (int64_t i = 0; i < tasks; i++) body(context, i);
}

/// Opens a region, works on it, and waits for the tasks that others claimed.
static void run_region(int32_t helpers, int64_t tasks, void (*body)(void *, int64_t),
                       void *context) {
  uint32_t generation = atomic_load_explicit(&pool.generation, memory_order_relaxed) + 1;
  uint32_t threads = (uint32_t)helpers + 1;
  set_tickets(generation, (uint32_t)tasks, threads, false);
  atomic_store_explicit(&pool.finished, 0, memory_order_release);
  atomic_store_explicit(&pool.task_count, (uint32_t)tasks, memory_order_release);
  int64_t grain = tasks / ((helpers + 1) * 32);
  atomic_store_explicit(&pool.grain, grain < 1 ? 1 : (uint32_t)grain, memory_order_release);
  atomic_store_explicit(&pool.helpers, helpers, memory_order_release);
  atomic_store_explicit(&pool.body, (uintptr_t)body, memory_order_release);
  atomic_store_explicit(&pool.context, (uintptr_t)context, memory_order_release);
  set_tickets(generation, (uint32_t)tasks, threads, true);
  atomic_store(&pool.generation, generation);
  if (atomic_load(&pool.sleeping) > 0) wake_all();
  inside_region = true;
  run_tasks(generation, helpers + 1, 0);
  inside_region = false;
  for (int spins = 0;
       atomic_load_explicit(&pool.finished, memory_order_acquire) < tasks; spins++) {
    if (spins < 2000) relax();
    else sched_yield();
  }
}

void strata_parallel(int64_t tasks, void (*body)(void *context, int64_t task), void *context) {
  int32_t threads = strata_thread_count();
  if (tasks <= 1 || threads <= 1 || inside_region || tasks > INT32_MAX) {
    run_alone(tasks, body, context);
    return;
  }
  bool expected = false;
  if (!atomic_compare_exchange_strong_explicit(&pool.busy, &expected, true, memory_order_acquire,
                                               memory_order_relaxed)) {
    run_alone(tasks, body, context);
    return;
  }
  start_workers(threads - 1);
  run_region(threads - 1, tasks, body, context);
  atomic_store_explicit(&pool.busy, false, memory_order_release);
}

int64_t strata_task_count(double work, double work_per_task) {
  int64_t threads = strata_thread_count();
  if (threads <= 1 || work < 2 * work_per_task) return 1;
  double most = work / work_per_task;
  int64_t wanted = threads * (work > 100e6 ? 4 : work > 4e6 ? 2 : 1);
  return most < (double)wanted ? (int64_t)most : wanted;
}

static int32_t default_thread_count(void) {
  const char *text = getenv("STRATA_THREADS");
  long count = text ? strtol(text, NULL, 10) : 0;
  if (text && *text && count < 1)
    fprintf(stderr, "STRATA_THREADS=%s: expected a number of threads; using all cores.\n", text);
#if defined(__linux__)
  cpu_set_t allowed;
  if (count < 1 && sched_getaffinity(0, sizeof allowed, &allowed) == 0) count = CPU_COUNT(&allowed);
#endif
  if (count < 1) count = sysconf(_SC_NPROCESSORS_ONLN);
  return count < 1 ? 1 : count > MAXIMUM_THREADS ? MAXIMUM_THREADS : (int32_t)count;
}

int32_t strata_thread_count(void) {
  int32_t count = atomic_load_explicit(&thread_count, memory_order_relaxed);
  if (count > 0) return count;
  count = default_thread_count();
  atomic_store_explicit(&thread_count, count, memory_order_relaxed);
  return count;
}

void strata_set_thread_count(int32_t count) {
  count = count < 1 ? 1 : count > MAXIMUM_THREADS ? MAXIMUM_THREADS : count;
  atomic_store_explicit(&thread_count, count, memory_order_relaxed);
}
