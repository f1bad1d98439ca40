#include "machine.h"

// Twelve independent chains cover the latency of two pipes.
enum { CHAINS = 12, STEPS = 1 << 22 };

#define LOOP(Vector, lanes)                                                                       \
  typedef float Vector __attribute__((vector_size(4 * lanes)));                                   \
  Vector sums[CHAINS], a, b;                                                                      \
  for (int c = 0; c < CHAINS; c++)                                                                \
    for (int i = 0; i < lanes; i++) sums[c][i] = (float)(c + i);                                  \
  for (int i = 0; i < lanes; i++) a[i] = 0.999f, b[i] = 1e-3f;                                    \
  for (int step = 0; step < STEPS; step++) {                                                      \
    _Pragma("GCC unroll 12") for (int c = 0; c < CHAINS; c++) sums[c] = sums[c] * a + b;          \
    __asm__ volatile("" : "+x"(sums[0]));                                                         \
  }                                                                                               \
  static volatile float sink;                                                                     \
  for (int c = 0; c < CHAINS; c++) sink = sums[c][0];                                             \
  return 2.0 * lanes * CHAINS * STEPS

#if defined(__x86_64__)
#pragma GCC diagnostic ignored "-Wpsabi"
#pragma clang fp contract(fast)
__attribute__((target("avx512f"))) static double avx512(void) { LOOP(Wide, 16); }
__attribute__((target("avx2,fma"))) static double avx2(void) { LOOP(Half, 8); }

double machine_multiply_adds(void) {
  return __builtin_cpu_supports("avx512f") ? avx512() : avx2();
}
#else
#pragma clang fp contract(fast)
double machine_multiply_adds(void) {
  typedef float Quad __attribute__((vector_size(16)));
  Quad sums[CHAINS * 2], a = {0.999f, 0.999f, 0.999f, 0.999f}, b = {1e-3f, 1e-3f, 1e-3f, 1e-3f};
  for (int c = 0; c < CHAINS * 2; c++) sums[c] = b * (float)c;
  for (int step = 0; step < STEPS; step++)
    for (int c = 0; c < CHAINS * 2; c++) sums[c] = sums[c] * a + b;
  static volatile float sink;
  for (int c = 0; c < CHAINS * 2; c++) sink = sums[c][0];
  return 2.0 * 4 * CHAINS * 2 * STEPS;
}
#endif

float machine_read(const float *values, int64_t count) {
  typedef float Quad __attribute__((vector_size(16)));
  const Quad *p = (const Quad *)values;
  Quad s[8] = {};
  for (int64_t i = 0; i + 8 <= count / 4; i += 8)
    for (int c = 0; c < 8; c++) s[c] += p[i + c];
  Quad all = s[0] + s[1] + s[2] + s[3] + s[4] + s[5] + s[6] + s[7];
  return all[0] + all[1] + all[2] + all[3];
}
