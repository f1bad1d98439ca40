#!/usr/bin/env bash
# Runs the tests that Scripts/check.sh has built. What failed is said again at the end.
set -uo pipefail
cd "$(dirname "$0")/.."

swift=${SWIFT:-swift}
read -ra flags <<< "${DEBUG_FLAGS:-}"
log=.build/test.log

"$swift" test --skip-build "${flags[@]}" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}
if [ "$status" != 0 ]; then
  {
    echo "test: failed with status $status ($(nproc 2> /dev/null || echo ?) cores, load $(uptime | sed 's/.*average[s]*: //'))"
    grep -aE -A4 '✘ .* recorded an issue|Fatal error|terminated by signal|unexpected signal' "$log" | grep -av '^◇' | head -60
  } >&2
fi
exit "$status"
