/// The entry points: choice of an instruction set, and the loop over a program's instructions.
#include "kernels.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static _Atomic(const strata_kernel_table *) selected;

/// The named table if this processor can run it; the best one for a null name; else null.
static const strata_kernel_table *find_table(const char *name) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
                && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  if (avx512 && (!name || strcmp(name, "avx512") == 0)) return &strata_table_avx512;
  if (avx2 && (!name || strcmp(name, "avx2") == 0)) return &strata_table_avx2;
#endif
  if (!name || strcmp(name, strata_table_generic.name) == 0) return &strata_table_generic;
  return NULL;
}

static const strata_kernel_table *current_table(void) {
  const strata_kernel_table *table = atomic_load_explicit(&selected, memory_order_acquire);
  if (table) return table;
  const char *name = getenv("STRATA_ISA");
  table = find_table(name && *name ? name : NULL);
  if (!table) {
    table = find_table(NULL);
    fprintf(stderr, "STRATA_ISA=%s: this processor has no such instruction set; using %s.\n", name,
            table->name);
  }
  atomic_store_explicit(&selected, table, memory_order_release);
  return table;
}

const char *strata_isa_name(void) { return current_table()->name; }

bool strata_select_isa(const char *name) {
  const strata_kernel_table *table = find_table(name);
  if (table) atomic_store_explicit(&selected, table, memory_order_release);
  return table != NULL;
}

static inline void run_instruction(const strata_kernel_table *table, const strata_program *program,
                                   int64_t index, void *const *bases) {
  const strata_instruction *instruction = &program->instructions[index];
  strata_call call = {instruction, program->operands + instruction->first_operand,
                      program->code + instruction->first_word, bases,
                      program->prepared ? program->prepared[index] : NULL};
  table->opcodes[instruction->opcode](&call);
}

/// The sum of the bytes of all plans; with `memory`, makes them and notes where.
static size_t prepare_plans(const strata_program *program, void **plans, char *memory) {
  const strata_kernel_table *table = current_table();
  size_t bytes = 0;
  for (int64_t i = 0; i < program->instruction_count; i++) {
    const strata_instruction *in = &program->instructions[i];
    if (in->opcode != STRATA_ELEMENTWISE) continue;
    if (memory) {
      plans[i] = memory + bytes;
      table->plan_make(in, program->operands + in->first_operand, program->code + in->first_word,
                       plans[i]);
    }
    bytes += (table->plan_bytes(in) + 15) / 16 * 16;
  }
  return bytes;
}

void **strata_program_prepare(const strata_program *program) {
  size_t pointers = ((size_t)program->instruction_count + 1) / 2 * 16;
  char *memory = calloc(1, pointers + prepare_plans(program, NULL, NULL) + 16);
  if (!memory) abort();
  prepare_plans(program, (void **)memory, memory + pointers);
  return (void **)memory;
}

void strata_program_release(void **prepared) { free(prepared); }

void strata_program_run(const strata_program *program, void *const *bases) {
  const strata_kernel_table *table = current_table();
  uint64_t mode = strata_enter_float_mode();
  for (int64_t i = 0; i < program->instruction_count; i++)
    run_instruction(table, program, i, bases);
  strata_leave_float_mode(mode);
}

static int64_t nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void strata_program_run_timed(const strata_program *program, void *const *bases, int64_t *times) {
  const strata_kernel_table *table = current_table();
  uint64_t mode = strata_enter_float_mode();
  for (int64_t i = 0; i < program->instruction_count; i++) {
    times[i] = nanoseconds();
    run_instruction(table, program, i, bases);
  }
  times[program->instruction_count] = nanoseconds();
  strata_leave_float_mode(mode);
}

void strata_map_unary(int32_t op, const float *x, float *out, int64_t n) {
  uint64_t mode = strata_enter_float_mode();
  current_table()->map_unary(op, x, out, n);
  strata_leave_float_mode(mode);
}

void strata_map_binary(int32_t op, const float *x, const float *y, float *out, int64_t n) {
  uint64_t mode = strata_enter_float_mode();
  current_table()->map_binary(op, x, y, out, n);
  strata_leave_float_mode(mode);
}

void strata_philox_uniform(const uint32_t key[2], uint64_t position, float *out, int64_t count) {
  current_table()->philox_fill(key, position, -1, out, count);
}

void strata_philox_bernoulli(const uint32_t key[2], uint64_t position, float probability, float *out,
                             int64_t count) {
  current_table()->philox_fill(key, position, probability < 0 ? 0 : probability, out, count);
}
