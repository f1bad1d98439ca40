/// The kernels for any processor: the baseline of x86-64 (fma emulated, exactly) and arm64.
#include "kernels.h"

#pragma float_control(precise, on)
#pragma STDC FP_CONTRACT OFF
#pragma clang diagnostic ignored "-Wpsabi"

#define STRATA_WIDE 0
#define STRATA_LANES 4
#define STRATA_TABLE strata_table_generic
#if defined(__aarch64__)
#define STRATA_NAME "neon"
#define STRATA_HAS_FMA 1
#else
#define STRATA_NAME "baseline"
#define STRATA_HAS_FMA 0
#endif
#include "kernels.inc"
