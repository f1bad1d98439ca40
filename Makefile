# make demo      train the digits, save, record, replay, plot
# make test      what CI runs: format, import direction, tests
# make install   PREFIX=DIR puts the release command line tool at DIR/bin/strata
# make interop   Strata's files in real Keras releases, and their runs in Strata (needs Python 2.7)
# make bench     Strata beside other frameworks (PEERS=DIR, see Benchmarks/README.md), BENCH="OPTIONS"
# make bench-kernels  every kernel beside the machine's peak
# make format    rewrite the sources in the house format
# make sanitize  the tests under ThreadSanitizer, then under AddressSanitizer (about half an hour)
# make check-arm64  the kernels for arm64 under an emulator, against those of this machine
# make check     format, import direction, file lengths, stray paths
#
# Each is fine as the first command in a fresh clone.

SWIFT ?= swift
PREFIX ?= /usr/local

# C kernels are optimised in debug builds too; Swift stays debuggable.
DEBUG_FLAGS := -Xcc -O2
RELEASE_FLAGS := -c release
ifeq ($(shell uname),Linux)
INSTALL_FLAGS := --static-swift-stdlib
endif

.PHONY: demo test check format install interop bench bench-kernels setup sanitize check-arm64

demo: setup
	$(SWIFT) build $(DEBUG_FLAGS) --product digits-demo
	"$$($(SWIFT) build --show-bin-path)/digits-demo" Models/Digits/digits.h5 .build/demo

test: check
	SWIFT="$(SWIFT)" DEBUG_FLAGS="$(DEBUG_FLAGS)" Scripts/test.sh

check: setup
	SWIFT="$(SWIFT)" DEBUG_FLAGS="$(DEBUG_FLAGS)" Scripts/check.sh

format:
	$(SWIFT) format --in-place --parallel --recursive Package.swift Sources Tests Tools Models Examples Benchmarks

install: setup
	$(SWIFT) build $(RELEASE_FLAGS) $(INSTALL_FLAGS) --product strata
	install -d "$(PREFIX)/bin"
	install -m 755 "$$($(SWIFT) build $(RELEASE_FLAGS) --show-bin-path)/strata" "$(PREFIX)/bin/strata"

interop: setup
	SWIFT="$(SWIFT)" DEBUG_FLAGS="$(DEBUG_FLAGS)" Scripts/interop/check.sh

bench: setup
	SWIFT="$(SWIFT)" Scripts/bench.py $(BENCH)

bench-kernels: setup
	$(SWIFT) run $(RELEASE_FLAGS) kernel-benchmarks --threads $(or $(STRATA_THREADS),1)

sanitize: setup
	$(SWIFT) test --sanitize=thread --scratch-path .build/sanitize-thread -Xcc -O1
	ASAN_OPTIONS=detect_leaks=0 \
	  $(SWIFT) test --sanitize=address --scratch-path .build/sanitize-address -Xcc -O1

check-arm64:
	SWIFT="$(SWIFT)" Scripts/arm64/check.sh

setup:
	@SWIFT="$(SWIFT)" Scripts/setup.sh
