/// The kernels for AVX2 with FMA.
#if defined(__x86_64__)
#include "kernels.h"

#pragma float_control(precise, on)
#pragma STDC FP_CONTRACT OFF
#pragma clang diagnostic ignored "-Wpsabi"

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#define STRATA_TABLE strata_table_avx2
#define STRATA_NAME "avx2"
#define STRATA_HAS_FMA 1
#define STRATA_WIDE 0
#define STRATA_LANES 8

#include "kernels.inc"

#pragma clang attribute pop
#endif
