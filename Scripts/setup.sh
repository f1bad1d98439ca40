#!/usr/bin/env bash
# Installs what the build needs and the machine lacks: libhdf5 and zlib with headers, and pkg-config.
# Does nothing, silently, where everything is there.
set -euo pipefail

swift=${SWIFT:-swift}
needed=6.3

say() { echo "setup: $*" >&2; }
fail() { say "$*"; exit 1; }

check_swift() {
  command -v "$swift" > /dev/null \
    || fail "Swift $needed or later is needed, but '$swift' was not found (https://swift.org/install)."
  local version
  version=$("$swift" --version 2> /dev/null | sed -nE 's/.*Swift version ([0-9]+\.[0-9]+).*/\1/p')
  [ "$(printf '%s\n' "$needed" "$version" | sort -V | head -1)" = "$needed" ] \
    || fail "Swift $needed or later is needed, but '$swift' is ${version:-of unknown version}."
}

have_libraries() { command -v pkg-config > /dev/null && pkg-config --exists hdf5 zlib; }

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo > /dev/null; then
    say "with sudo: $*"
    sudo "$@"
  else
    fail "to be run as root, and there is no sudo: $*"
  fi
}

install_with_apt() {
  say "installing libhdf5-dev, zlib1g-dev and pkg-config with apt-get"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends libhdf5-dev zlib1g-dev pkg-config > /dev/null
}

install_with_brew() {
  say "installing hdf5, zlib and pkg-config with brew"
  brew install --quiet hdf5 zlib pkg-config
}

check_swift
have_libraries && exit 0
if command -v apt-get > /dev/null; then
  install_with_apt
elif command -v brew > /dev/null; then
  install_with_brew
else
  fail "libhdf5 and zlib (with headers) and pkg-config are needed, and there is neither apt-get nor brew."
fi
have_libraries || fail "hdf5 and zlib were installed, but pkg-config does not find them (PKG_CONFIG_PATH?)."
say "done"
