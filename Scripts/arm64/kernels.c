/// Runs every kernel on fixed pseudo-random values and prints a digest a line, so that two builds
/// can be compared. Used by Scripts/arm64/check.sh.
#include "strata_kernels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SPACES = 6, SPACE_FLOATS = 1 << 16 };
static float *spaces[SPACES];
static uint64_t state;

static uint32_t next(void) {
  state = state * 6364136223846793005ull + 1442695040888963407ull;
  return (uint32_t)(state >> 33);
}

/// Values of many magnitudes; every seventh one special if `wild`.
static void fill(int space, int64_t count, bool wild) {
  static const uint32_t special[] = {0, 0x80000000, 0x7f800000, 0xff800000, 0x7fc00000,
                                     700, 0x80001000, 0x7f61b1e6, 0x3f000000, 0x42b10000};
  for (int64_t i = 0; i < count; i++) {
    float v = (float)next() / 1073741824.0f - 1;
    spaces[space][i] = v * v * v * 3;
    if (wild && i % 7 == 0) memcpy(&spaces[space][i], &special[(i / 7) % 10], 4);
  }
}

/// FNV-1a over the values' bytes, every NaN being the same.
static uint64_t digest(const float *values, int64_t count) {
  uint64_t hash = 14695981039346656037ull;
  for (int64_t i = 0; i < count; i++) {
    uint32_t word;
    memcpy(&word, &values[i], 4);
    if ((word & 0x7fffffff) > 0x7f800000) word = 0x7fc00000;
    for (int b = 0; b < 4; b++) hash = (hash ^ (word >> (8 * b) & 255)) * 1099511628211ull;
  }
  return hash;
}

static void report(const char *name, int number, int64_t count) {
  printf("%s %d %016llx\n", name, number, (unsigned long long)digest(spaces[0], count));
}

/// One instruction over dense operands in spaces 0, 1, ...
static void run(int opcode, int operands, int flags, const int64_t *dims, const int64_t *sizes) {
  strata_operand list[SPACES] = {0};
  for (int i = 0; i < operands; i++) list[i].space = i;
  strata_instruction instruction = {.opcode = opcode, .flags = flags, .operand_count = operands};
  if (dims) memcpy(instruction.dims, dims, 7 * sizeof *dims);
  memcpy(instruction.sizes, sizes, 8 * sizeof *sizes);
  strata_program program = {&instruction, 1, list, NULL};
  strata_program_run(&program, (void *const *)spaces);
}

static void elementwise(void) {
  for (int op = STRATA_EW_ADD; op < STRATA_EW_COUNT; op++) {
    fill(1, 3001, true);
    fill(2, 3001, true);
    bool binary = op <= STRATA_EW_NE;
    if (op == STRATA_EW_SELECT || op == STRATA_EW_FMA) continue;
    if (binary) strata_map_binary(op, spaces[1], spaces[2], spaces[0], 3001);
    else strata_map_unary(op, spaces[1], spaces[0], 3001);
    report(binary ? "binary" : "unary", op, 3001);
  }
}

static void products(void) {
  static const int flags[] = {0, STRATA_TRANSPOSE_A, STRATA_TRANSPOSE_B, STRATA_INIT_BIAS,
                              STRATA_INIT_OUT};
  static const int64_t shapes[][3] = {{37, 19, 53}, {1, 67, 301}, {64, 48, 128}, {5, 1, 7}};
  for (int s = 0; s < 4; s++) {
    int64_t m = shapes[s][0], n = shapes[s][1], k = shapes[s][2];
    for (int f = 0; f < 5; f++) {
      fill(0, 2 * m * n, false);
      fill(1, 2 * m * k, f == 1);
      fill(2, 2 * n * k, false);
      fill(3, n, false);
      int64_t sizes[8] = {2, m, n, k, m * k, k * n, m * n, 0};
      run(STRATA_MATMUL, flags[f] == STRATA_INIT_BIAS ? 4 : 3, flags[f], NULL, sizes);
      report("matmul", s * 10 + f, 2 * m * n);
    }
  }
}

static void reductions(void) {
  static const int64_t views[][3] = {{1, 40001, 1}, {9, 101, 1}, {1, 1103, 7}, {3, 17, 40}};
  for (int v = 0; v < 4; v++) {
    const int64_t *view = views[v];
    int64_t sizes[8] = {view[0], view[1], view[2]};
    fill(1, view[0] * view[1] * view[2], v == 3);
    run(STRATA_SUM, 2, 0, NULL, sizes);
    report("sum", v, view[0] * view[2]);
    run(STRATA_MAX, 2, 0, NULL, sizes);
    report("max", v, view[0] * view[2]);
    run(STRATA_ARGMAX, 2, 0, NULL, sizes);
    report("argmax", v, view[2] == 1 ? view[0] : 0);
  }
}

static void windows(void) {
  static const int64_t groups[] = {1, 2, 6};
  for (int g = 0; g < 3; g++) {
    int64_t c = 6, f = g == 2 ? 12 : 8, stride = g == 1 ? 2 : 1;
    int64_t oh = (9 - 1) / stride + 1, ow = (11 - 1) / stride + 1;
    int64_t dims[7] = {2, 9, 11, c, oh, ow, f}, x = 2 * 9 * 11 * c, y = 2 * oh * ow * f;
    int64_t w = 9 * (c / groups[g]) * f;
    int64_t sizes[8] = {3, 3, stride, stride, 1, 1, 1 | (1ll << 32), groups[g]};
    fill(1, x, false), fill(2, w, false), fill(3, f, false);
    run(STRATA_CONV2D, 4, STRATA_INIT_BIAS, dims, sizes);
    report("conv2d", g, y);
    fill(1, y, false);
    run(STRATA_CONV2D_INPUT, 3, 0, dims, sizes);
    report("conv2d input", g, x);
    fill(1, x, false), fill(2, y, false);
    run(STRATA_CONV2D_KERNEL, 3, 0, dims, sizes);
    report("conv2d kernel", g, w);
    int64_t pooled[7] = {2, 9, 11, c, oh, ow, c}, p = 2 * oh * ow * c;
    fill(1, x, g == 1);
    run(STRATA_MAXPOOL2D, 2, 0, pooled, sizes);
    report("maxpool", g, p);
    memcpy(spaces[2], spaces[0], (size_t)p * 4);
    fill(3, p, false);
    run(STRATA_MAXPOOL2D_GRAD, 4, g == 2 ? STRATA_POOL_ALL_TIES : 0, pooled, sizes);
    report("maxpool gradient", g, x);
    int flags = g == 0 ? STRATA_POOL_COUNT_PADDING : 0;
    run(STRATA_AVGPOOL2D, 2, flags, pooled, sizes);
    report("avgpool", g, p);
    run(STRATA_AVGPOOL2D_GRAD, 2, flags, pooled, sizes);
    report("avgpool gradient", g, x);
  }
}

static void rows(void) {
  int32_t *indices = (int32_t *)spaces[2];
  fill(1, 13 * 5, false);
  for (int i = 0; i < 13; i++) indices[i] = (int32_t)(next() % 13);
  run(STRATA_GATHER, 3, 0, NULL, (int64_t[8]){13, 5, 12});
  report("gather", 0, 65);
  run(STRATA_SCATTER_ADD, 3, 0, NULL, (int64_t[8]){13, 5, 12});
  report("scatter", 0, 60);
  for (int i = 0; i < 13; i++) ((int32_t *)spaces[1])[i] = (int32_t)(next() * 2 - (1 << 30));
  run(STRATA_INT_TO_FLOAT, 2, 0, NULL, (int64_t[8]){13});
  report("int to float", 0, 13);
  fill(1, 301, true);
  run(STRATA_FLOAT_TO_INT, 2, 0, NULL, (int64_t[8]){301});
  report("float to int", 0, 301);
}

static void recurrent(void) {
  static const int gates[] = {1, 4, 3, 3}, records[] = {1, 5, 4, 3};
  int64_t time = 4, batch = 5, units = 19, step = batch * units;
  for (int kind = 0; kind < 4; kind++) {
    for (int gate = 0; gate < 7; gate++) {
      int64_t width = gates[kind] * units;
      int64_t second = kind == STRATA_LSTM ? time + 1 : kind == STRATA_GRU_RESET_BEFORE ? time : 0;
      int64_t tape = (time + 1 + second + time * records[kind]) * step;
      int64_t sizes[8] = {time, batch, units, kind, gate, (gate + 3) % 7, 0, 0};
      fill(1, time * batch * width, false), fill(2, units * width, false);
      fill(3, 2 * width, false);
      for (int i = 0; i < time * batch; i++) spaces[4][i] = next() % 3 != 0;
      run(STRATA_RECURRENT, 5, 0, NULL, sizes);
      report("recurrent", kind * 10 + gate, tape);
      memcpy(spaces[5], spaces[2], (size_t)(units * width) * 4);
      memcpy(spaces[3], spaces[5], (size_t)(units * width) * 4);
      memcpy(spaces[2], spaces[0], (size_t)tape * 4);
      fill(1, time * step, false);
      run(STRATA_RECURRENT_GRAD, 5, 0, NULL, sizes);
      report("recurrent gradient", kind * 10 + gate,
             time * batch * width * (kind == STRATA_GRU_RESET_AFTER ? 2 : 1));
    }
  }
}

static void draws(void) {
  uint32_t key[2] = {1234567, 89};
  strata_philox_uniform(key, 3, spaces[0], 1003);
  report("philox", 0, 1003);
  strata_philox_bernoulli(key, 5, 0.3f, spaces[0], 1003);
  report("philox", 1, 1003);
}

int main(void) {
  for (int i = 0; i < SPACES; i++) spaces[i] = aligned_alloc(64, SPACE_FLOATS * 4);
  fprintf(stderr, "%s\n", strata_isa_name());
  for (int threads = 1; threads <= 3; threads += 2) {
    state = 7;
    strata_set_thread_count(threads);
    elementwise();
    products();
    reductions();
    windows();
    rows();
    recurrent();
    draws();
  }
  return 0;
}
