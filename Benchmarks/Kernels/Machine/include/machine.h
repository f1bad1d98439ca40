/// What the machine can do at most, for kernels to be held against. One thread.
#ifndef STRATA_MACHINE_H
#define STRATA_MACHINE_H

#include <stdint.h>

/// Runs independent fused multiply-adds in registers of the widest instruction set; returns the
/// floating point operations done, two for each multiply-add.
double machine_multiply_adds(void);
/// Reads `count` floats; the sum keeps the compiler from leaving it out.
float machine_read(const float *values, int64_t count);

#endif
