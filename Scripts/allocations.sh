#!/usr/bin/env bash
# Proves that steady-state training steps allocate nothing (glibc only), and times predictors.
set -euo pipefail
cd "$(dirname "$0")/../Benchmarks"
exec "${SWIFT:-swift}" run -c release StrataAllocations
