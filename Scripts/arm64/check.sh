#!/usr/bin/env bash
# The kernels for arm64, under an emulator, against those of this machine: digests of every kernel.
# Needs clang (the toolchain's) and the Debian packages gcc-aarch64-linux-gnu, libc6-dev-arm64-cross
# and qemu-user-static.
set -euo pipefail
cd "$(dirname "$0")/../.."

swift=$(command -v "${SWIFT:-swift}" || true)
clang=$(dirname "$(readlink -f "${swift:-/nowhere}")")/clang
[ -x "$clang" ] || clang=$(command -v clang || true)
for tool in "$clang" aarch64-linux-gnu-gcc qemu-aarch64-static; do
  if ! command -v "$tool" > /dev/null; then
    echo "check-arm64: ${tool:-clang} is missing; needed are clang and, on Debian and Ubuntu:" >&2
    echo "  apt install gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static" >&2
    exit 1
  fi
done

out=.build/arm64
mkdir -p "$out"
sources=(Scripts/arm64/kernels.c Sources/CStrataKernels/*.c)
flags=(-std=gnu11 -O2 -ISources/CStrataKernels/include)
"$clang" "${flags[@]}" -o "$out/here" "${sources[@]}" -lm -lpthread
"$clang" "${flags[@]}" --target=aarch64-linux-gnu -static -fuse-ld=lld -o "$out/there" \
  "${sources[@]}" -lm -lpthread

"$out/here" > "$out/here.txt"
qemu-aarch64-static "$out/there" > "$out/there.txt"
if ! diff "$out/here.txt" "$out/there.txt"; then
  echo "check-arm64: these kernels differ" >&2
  exit 1
fi
echo "check-arm64: $(wc -l < "$out/here.txt") digests agree"
