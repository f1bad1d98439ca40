#!/usr/bin/env bash
# Format, import direction, file lengths, stray paths. Leaves a debug build with tests behind.
set -euo pipefail
cd "$(dirname "$0")/.."

swift=${SWIFT:-swift}
read -ra flags <<< "${DEBUG_FLAGS:-}"
failures=0

report() {
  echo "check: $1" >&2
  sed 's/^/  /' <<< "$2" >&2
  failures=1
}

sources() { git ls-files "$@" 2> /dev/null || find . -name "${@: -1}" -not -path './.build*'; }

# House format
"$swift" format lint --strict --parallel --recursive Package.swift Sources Tests Tools Models Examples Benchmarks \
  || report "the format differs" "make format mends most of it"

# Files that have grown too long to navigate
long=$(sources '*.swift' | xargs wc -l \
  | awk '$2 != "total" && $1 > ($2 ~ /Tests\// ? 600 : 400) { print $2 ": " $1 " lines" }')
[ -z "$long" ] || report "longer than 400 lines (tests: 600)" "$long"

# Paths that exist on one machine only
stray=$(sources '*' | xargs grep -InE '[/](work|root|home|Users)/[A-Za-z]' 2> /dev/null || true)
[ -z "$stray" ] || report "paths of one machine" "$stray"

# The compiler does not follow modules that Strata re-exports: what imports Strata alone is compiled
# anew when anything below has changed.
stamp=.build/umbrella-stamp
if [ ! -e "$stamp" ] || [ -n "$(find Sources -newer "$stamp" -print -quit)" ]; then
  touch Tests/StrataTests/*.swift Examples/*/*.swift Models/*/*.swift Sources/Strata/*.swift
fi
mkdir -p .build && touch "$stamp.new"

# Modules import only what the manifest grants them
"$swift" build --build-tests "${flags[@]}" --explicit-target-dependency-import-check error \
  || report "the build failed" "imports must be declared in Package.swift, and point down only"

[ $failures != 0 ] || mv "$stamp.new" "$stamp"

exit $failures
