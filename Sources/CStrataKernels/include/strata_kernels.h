/// Numerics on raw buffers: a flat program of instructions, run by one call.
///
/// The contract of every result is `Documentation/Numerics.md`. All tensors are dense, row-major,
/// Float32 unless an instruction says Int32. Nothing here allocates per call or knows tensors.
#ifndef STRATA_KERNELS_H
#define STRATA_KERNELS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { STRATA_MAX_RANK = 8, STRATA_TILE = 512, STRATA_MAX_REGISTERS = 16 };

/// What an instruction does. The comment gives operands in order (output first), `dims` and `sizes`.
typedef enum {
  /// out, in...: runs `code` (micro-operations) over the index space `dims[0..<rank]`. An operand's
  /// stride is in elements per dimension, 0 where it is broadcast. Outputs are dense.
  STRATA_ELEMENTWISE = 0,
  /// out, a, b[, bias]: for each of sizes[0] batches, out[m,n] = init + a[m,k] b[k,n].
  /// sizes = {batches, m, n, k, batchStrideA, batchStrideB, batchStrideOut}.
  /// flags: STRATA_TRANSPOSE_A (a is stored [k,m]), STRATA_TRANSPOSE_B (b is stored [n,k]),
  /// STRATA_INIT_BIAS (init is bias[n]), STRATA_INIT_OUT (init is out).
  STRATA_MATMUL = 1,
  /// out, in: sum of the middle axis; sizes = {outer, n, inner}.
  STRATA_SUM = 2,
  /// out, in: maximum of the middle axis; sizes = {outer, n, inner}.
  STRATA_MAX = 3,
  /// out, in: the index of the largest value of the last axis, as Float32; sizes = {outer, n}.
  STRATA_ARGMAX = 4,
  /// out, in: copies the index space `dims[0..<rank]`; both operands have strides (elements, may be
  /// negative or 0 for the source). Covers transpose, slice, concatenate, pad, flip, broadcast.
  STRATA_COPY = 5,
  /// out: sizes[0] elements become scalars[0].
  STRATA_FILL = 6,
  /// out, table, indices (Int32): row copies; sizes = {rows, width, tableRows}. An index outside
  /// 0..<tableRows gives a row of NaN.
  STRATA_GATHER = 7,
  /// out, source, indices (Int32): out[tableRows, width] = 0, then out[index[i]] += source[i] in
  /// order of i; sizes = {rows, width, tableRows}. Indices outside are skipped.
  STRATA_SCATTER_ADD = 8,
  /// out, in (Int32): sizes[0] elements converted to Float32.
  STRATA_INT_TO_FLOAT = 9,
  /// out (Int32), in: sizes[0] elements truncated toward zero; out of range or NaN gives 0.
  STRATA_FLOAT_TO_INT = 10,
  /// out, x, w: convolution (correlation), x [n,h,w,c], w [kh,kw,c/groups,f], out [n,oh,ow,f].
  /// dims = {n, h, w, c, oh, ow, f}; sizes = {kh, kw, strideH, strideW, padTop, padLeft,
  /// dilationH | dilationW << 32, groups}. flags: STRATA_INIT_BIAS with a fourth operand bias[f].
  STRATA_CONV2D = 11,
  /// out = dx, dy, w: derivative of STRATA_CONV2D with respect to x; same dims and sizes.
  STRATA_CONV2D_INPUT = 12,
  /// out = dw, x, dy: derivative of STRATA_CONV2D with respect to w; same dims and sizes.
  STRATA_CONV2D_KERNEL = 13,
  /// out, x: max pooling; dims as STRATA_CONV2D with f = c; sizes = {kh, kw, strideH, strideW,
  /// padTop, padLeft}. Taps outside are skipped.
  STRATA_MAXPOOL2D = 14,
  /// out = dx, x, y, dy: every tap equal to the maximum gets dy when flags has STRATA_POOL_ALL_TIES
  /// (Theano), otherwise the first in (row, column) order.
  STRATA_MAXPOOL2D_GRAD = 15,
  /// out, x: average pooling over the taps inside (flags STRATA_POOL_COUNT_PADDING: over kh*kw).
  STRATA_AVGPOOL2D = 16,
  /// out = dx, dy: its derivative.
  STRATA_AVGPOOL2D_GRAD = 17,
  /// out = tape, x, u, bias[, mask]: a recurrent layer over all time steps from zero states.
  /// x [time, batch, gates units] holds the products of the inputs, u [units, gates units],
  /// bias [gates units] (twice that for STRATA_GRU_RESET_AFTER), mask [time, batch] (0: skip).
  /// sizes = {time, batch, units, kind, activation, inner activation}. The tape is h [time + 1,
  /// batch, units], then c likewise (LSTM) or r h [time, batch, units] (STRATA_GRU_RESET_BEFORE),
  /// then the gates' records [time, batch, records units].
  STRATA_RECURRENT = 18,
  /// out = gradients of the gates' sums, dy, tape, u[, mask]: [time, batch, gates units], and those
  /// of the recurrent products alone for STRATA_GRU_RESET_AFTER. sizes[6]: dy has the last time step
  /// only.
  STRATA_RECURRENT_GRAD = 19,
  STRATA_OPCODE_COUNT
} strata_opcode;

enum {
  STRATA_TRANSPOSE_A = 1,
  STRATA_TRANSPOSE_B = 2,
  STRATA_INIT_BIAS = 4,
  STRATA_INIT_OUT = 8,
  STRATA_POOL_ALL_TIES = 16,
  STRATA_POOL_COUNT_PADDING = 32,
  /// The result is relu of what it would be: STRATA_CONV2D other than of one channel to one.
  STRATA_RELU = 64,
  /// The result is 0 where a mask is not > 0. For STRATA_CONV2D_INPUT, other than of one channel to
  /// one, the mask is a fourth operand; for STRATA_MAXPOOL2D_GRAD it is x.
  STRATA_MASK = 128,
};

/// The cells of STRATA_RECURRENT; gates in the order (i, f, c, o) or (z, r, h).
typedef enum {
  STRATA_SIMPLE_RNN = 0,
  STRATA_LSTM = 1,
  STRATA_GRU_RESET_AFTER = 2,
  STRATA_GRU_RESET_BEFORE = 3,
} strata_recurrent_kind;

/// The activations of their gates.
typedef enum {
  STRATA_GATE_LINEAR = 0,
  STRATA_GATE_RELU = 1,
  STRATA_GATE_RELU_BY_HALVES = 2,
  STRATA_GATE_TANH = 3,
  STRATA_GATE_SIGMOID = 4,
  STRATA_GATE_HARD_SIGMOID = 5,
  STRATA_GATE_HARD_SIGMOID_BY_FIFTHS = 6,
} strata_gate;

/// A micro-operation of STRATA_ELEMENTWISE: five words {op, d, a, b, c}. `d`, `a`, `b`, `c` are
/// register numbers; a register is a tile of STRATA_TILE values.
typedef enum {
  STRATA_EW_LOAD = 0,   ///< register d = operand a
  STRATA_EW_CONST = 1,  ///< register d = the float with bits a
  STRATA_EW_STORE = 2,  ///< operand d = register a
  STRATA_EW_ADD = 3,
  STRATA_EW_SUB = 4,
  STRATA_EW_MUL = 5,
  STRATA_EW_DIV = 6,
  STRATA_EW_MAX = 7,
  STRATA_EW_MIN = 8,
  STRATA_EW_POW = 9,
  STRATA_EW_LT = 10,
  STRATA_EW_LE = 11,
  STRATA_EW_GT = 12,
  STRATA_EW_GE = 13,
  STRATA_EW_EQ = 14,
  STRATA_EW_NE = 15,
  STRATA_EW_SELECT = 16,  ///< d = a != 0 ? b : c
  STRATA_EW_FMA = 17,     ///< d = fma(a, b, c)
  STRATA_EW_NEG = 18,
  STRATA_EW_ABS = 19,
  STRATA_EW_SIGN = 20,
  STRATA_EW_SQRT = 21,
  STRATA_EW_EXP = 22,
  STRATA_EW_LOG = 23,
  STRATA_EW_LOG1P = 24,
  STRATA_EW_EXPM1 = 25,
  STRATA_EW_TANH = 26,
  STRATA_EW_SIGMOID = 27,
  STRATA_EW_ERF = 28,
  STRATA_EW_SIN = 29,
  STRATA_EW_COS = 30,
  STRATA_EW_FLOOR = 31,
  STRATA_EW_RINT = 32,
  STRATA_EW_RELU = 33,  ///< d = a > 0 ? a : 0
  /// operand d [b] = the sum of register a over all rows of b values: the index space is [n, b], b a
  /// multiple of 16, the same for every sum of a chain. By the tree of STRATA_SUM.
  STRATA_EW_SUM = 34,
  STRATA_EW_COUNT = 35
} strata_micro_op;

/// Where an operand lives: `bases[space] + offset` bytes, with strides in elements where used.
typedef struct {
  int64_t offset;
  int32_t space;
  int32_t reserved;
  int64_t stride[STRATA_MAX_RANK];
} strata_operand;

typedef struct {
  int32_t opcode;
  int32_t flags;
  int32_t rank;
  int32_t first_operand;  ///< index into the program's operands
  int32_t operand_count;
  int32_t first_word;  ///< index into the program's code words (elementwise)
  int32_t micro_op_count;
  float scalar;
  int64_t dims[STRATA_MAX_RANK];
  int64_t sizes[STRATA_MAX_RANK];
} strata_instruction;

typedef struct {
  const strata_instruction *instructions;
  int64_t instruction_count;
  const strata_operand *operands;
  const int32_t *code;
  void *const *prepared;  ///< from strata_program_prepare, or null
} strata_program;

/// Makes what can be made of a program once rather than in every run. Belongs to these instructions,
/// for any instruction set; given back by strata_program_release.
void **strata_program_prepare(const strata_program *program);
void strata_program_release(void **prepared);

/// Runs the instructions in order. `bases[space]` are buffers of whole elements.
/// Scratch memory belongs to each thread and is kept; none is asked of the caller.
void strata_program_run(const strata_program *program, void *const *bases);
/// The same, with the monotonic clock in nanoseconds before each instruction and after the last.
void strata_program_run_timed(const strata_program *program, void *const *bases, int64_t *times);

/// `bytes` > 0 of zeros, aligned to a cache line. A large block is lent by the system page by page, as
/// it is touched.
void *strata_allocate(int64_t bytes);
/// Gives back a block of `strata_allocate` of that size.
void strata_free(void *block, int64_t bytes);

/// The instruction set in use ("avx512", "avx2", "baseline", "neon").
const char *strata_isa_name(void);
/// Selects an instruction set by name; false if this processor lacks it. Also: STRATA_ISA.
bool strata_select_isa(const char *name);
/// Threads used by one program run, the caller included. Also: STRATA_THREADS. Default: all cores.
int32_t strata_thread_count(void);
void strata_set_thread_count(int32_t count);

/// One elementary function over n values, for tests and for host-side scalars (schedules,
/// initial weights): `op` is a unary micro-operation. In place is allowed.
void strata_map_unary(int32_t op, const float *x, float *out, int64_t n);
/// The binary form (STRATA_EW_POW and the arithmetic ones).
void strata_map_binary(int32_t op, const float *x, const float *y, float *out, int64_t n);

/// `count` values of [0, 1) from the Philox4x32-10 blocks of a key from `position` on, four a block.
void strata_philox_uniform(const uint32_t key[2], uint64_t position, float *out, int64_t count);
/// 1 where that value is below `probability`, else 0.
void strata_philox_bernoulli(const uint32_t key[2], uint64_t position, float probability, float *out,
                             int64_t count);

#ifdef __cplusplus
}
#endif
#endif
