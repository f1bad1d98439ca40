/// What the parts of the kernel target share: the table of one instruction set, scratch, threads.
#ifndef STRATA_KERNELS_INTERNAL_H
#define STRATA_KERNELS_INTERNAL_H

#include "include/strata_kernels.h"

#include <stddef.h>

/// One instruction with its operands resolved.
typedef struct {
  const strata_instruction *instruction;
  const strata_operand *operands;
  const int32_t *code;
  void *const *bases;
  const void *prepared;  // what `prepare` of the table has made of the instruction, or null
} strata_call;

static inline void *strata_pointer(const strata_call *call, int index) {
  const strata_operand *operand = &call->operands[index];
  return (char *)call->bases[operand->space] + operand->offset;
}

typedef void (*strata_opcode_kernel)(const strata_call *call);

/// Everything that is compiled once per instruction set.
typedef struct {
  const char *name;
  strata_opcode_kernel opcodes[STRATA_OPCODE_COUNT];
  /// The plan of an elementwise instruction, which serves all instruction sets: its bytes, and its
  /// making in so much memory.
  size_t (*plan_bytes)(const strata_instruction *in);
  void (*plan_make)(const strata_instruction *in, const strata_operand *operands,
                    const int32_t *code, void *memory);
  void (*map_unary)(int32_t op, const float *x, float *out, int64_t n);
  void (*map_binary)(int32_t op, const float *x, const float *y, float *out, int64_t n);
  void (*philox_fill)(const uint32_t key[2], uint64_t position, float probability, float *out,
                      int64_t count);
} strata_kernel_table;

#if defined(__x86_64__)
extern const strata_kernel_table strata_table_avx512;
extern const strata_kernel_table strata_table_avx2;
#endif
extern const strata_kernel_table strata_table_generic;

/// The uses of per-thread scratch memory; each is its own buffer.
enum {
  STRATA_SCRATCH_PLAN,
  STRATA_SCRATCH_PROGRAM,
  STRATA_SCRATCH_TILES,
  STRATA_SCRATCH_PACK_A,
  STRATA_SCRATCH_PACK_B,
  STRATA_SCRATCH_IMAGE,
  STRATA_SCRATCH_WEIGHTS,
  STRATA_SCRATCH_SUMS,
  STRATA_SCRATCH_TAPS,
  STRATA_SCRATCH_RECURRENT,
  STRATA_SCRATCH_RECURRENT_WEIGHTS,
  STRATA_SCRATCH_COUNT
};

/// A 64-byte aligned buffer of the calling thread, grown as needed and kept for the next call.
void *strata_scratch(int use, size_t bytes);

/// Sets round-to-nearest with subnormals for this thread; returns what to restore.
uint64_t strata_enter_float_mode(void);
void strata_leave_float_mode(uint64_t mode);

/// Runs `body(context, task)` for every task, on the pool's threads and the caller.
/// Which thread takes which task is not fixed: results must not depend on it.
void strata_parallel(int64_t tasks, void (*body)(void *context, int64_t task), void *context);

/// Multiply-adds that are worth handing to another thread: a few microseconds.
#define STRATA_TASK_PRODUCTS 400e3

/// How many tasks are worth making: 1 when `work` (in multiply-adds or elements) is small.
int64_t strata_task_count(double work, double work_per_task);

#endif
