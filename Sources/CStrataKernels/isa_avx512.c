/// The kernels for AVX-512 (F, BW, DQ, VL).
#if defined(__x86_64__)
#include "kernels.h"

#include <immintrin.h>

#pragma float_control(precise, on)
#pragma STDC FP_CONTRACT OFF
#pragma clang diagnostic ignored "-Wpsabi"

#define STRATA_TARGET "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"
#pragma clang attribute push(__attribute__((target(STRATA_TARGET))), apply_to = function)

#define STRATA_TABLE strata_table_avx512
#define STRATA_NAME "avx512"
#define STRATA_HAS_FMA 1
#define STRATA_WIDE 1
#define STRATA_LANES 16

#include "kernels.inc"

#pragma clang attribute pop
#endif
