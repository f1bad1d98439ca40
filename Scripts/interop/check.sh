#!/usr/bin/env bash
# Strata beside the real releases: files that Strata writes are loaded, predict and train on there;
# runs from a seed there are repeated by Strata.
#
# INTEROP names the directory of the environments (default .venv); what is missing is set up there.
# TENSORFLOW, if given, names a Python with TensorFlow, which then reads event files of Strata.
set -euo pipefail
cd "$(dirname "$0")/../.."

scripts=Scripts/interop
swift=${SWIFT:-swift}
read -ra flags <<< "${DEBUG_FLAGS:-}"
export INTEROP=${INTEROP:-.venv}
releases="0.3.3 1.2.0 1.2.2 2.3.1"
output=$PWD/.build/interop
failures=0

missing=
for release in $releases; do
  [ -x "$INTEROP/keras-$release/bin/python" ] || missing="$missing $release"
done
[ -z "$missing" ] || RELEASES=$missing "$scripts/setup.sh" "$INTEROP"

rm -rf "$output"
mkdir -p "$output/seed"
for release in $releases; do
  "$scripts/run.sh" "$release" "$scripts/seed.py" Models/Digits/digits.h5 "$output/seed"
  "$scripts/run.sh" "$release" "$scripts/seed.py" Models/Digits/digits.h5 "$output/seed" 1 42
done

echo "interop: Strata writes files and repeats the runs from a seed"
STRATA_INTEROP=$output STRATA_SEED_RECORDS=$output/seed "$swift" test "${flags[@]}" \
  --filter 'InteropFilesTests|SeedReplayTests' > "$output/strata.log" 2>&1 || failures=1
grep -E 'relative errors|error:|✘|Test run with' "$output/strata.log"

for release in 1.2.0 1.2.2; do
  "$scripts/run.sh" "$release" "$scripts/load_models.py" \
    "$output"/{1.0.8,1.2.0,1.2.2,digits} || failures=1
done
"$scripts/run.sh" 0.3.3 "$scripts/load_models.py" "$output/0.3.3" || failures=1

if [ -n "${TENSORFLOW:-}" ]; then
  for semantics in keras-2.3.1 keras-3.15.1; do
    "$swift" run "${flags[@]}" strata fit Models/Digits/digits-keras-1.2.0.h5 --scale 0.0625 \
      --data Models/Digits/digits.h5 --one-hot --epochs 2 --validation-split 0.2 \
      --semantics "$semantics" --tensor-board "$output/events/$semantics" >> "$output/strata.log"
  done
  "$TENSORFLOW" "$scripts/read_events.py" "$output/events" 2> "$output/events.log" || failures=1
fi

[ $failures = 0 ] && echo "interop: everything agrees" || echo "interop: there are failures" >&2
exit $failures
