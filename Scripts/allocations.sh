#!/usr/bin/env bash
# Counts the allocations of steady-state training steps (glibc only), and times predictors.
set -euo pipefail
cd "$(dirname "$0")/../Benchmarks"
exec "${SWIFT:-swift}" run -c release StrataAllocations
