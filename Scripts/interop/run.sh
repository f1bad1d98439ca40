#!/usr/bin/env bash
# Runs a script under a real Keras release: run.sh RELEASE SCRIPT [ARGUMENT…]
# INTEROP names the directory that setup.sh was given (default .venv).
set -euo pipefail

release=$1
shift
directory=$(cd "${INTEROP:-.venv}" && pwd)
mkdir -p "$directory/home-$release"
HOME=$directory/home-$release KERAS_BACKEND=theano \
  THEANO_FLAGS="floatX=float32,device=cpu,base_compiledir=$directory/theano-$release" \
  exec "$directory/keras-$release/bin/python" "$@"
