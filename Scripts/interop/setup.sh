#!/usr/bin/env bash
# Creates one environment for each of the Keras releases on Theano that fixtures are recorded with.
#
#   Scripts/interop/setup.sh [DIRECTORY]      (default .venv)
#
# Needs a Python 2.7 with pip; PYTHON27 names it when it is not `python2.7`. Afterwards
#
#   Scripts/interop/run.sh 0.3.3 SCRIPT.py    runs a script in DIRECTORY/keras-0.3.3
#
# on Theano 0.9.0 (2.3.1: 1.0.5), Float32, CPU, with a home and a compile cache of its own, so that
# ~/.keras/keras.json is the release's own default.
set -euo pipefail

directory=${1:-.venv}
python=${PYTHON27:-python2.7}
releases=${RELEASES:-0.3.3 1.2.0 1.2.2 2.3.1}

mkdir -p "$directory"
"$python" -m pip install --quiet 'virtualenv<20.22'
for release in $releases; do
  environment=$directory/keras-$release
  "$python" -m virtualenv --quiet "$environment"
  pip=$environment/bin/pip
  numpy=1.13.3 scipy=0.19.1 theano=0.9.0
  if [ "$release" = 2.3.1 ]; then numpy=1.16.6 scipy=1.2.3 theano=1.0.5; fi
  "$pip" install --quiet 'setuptools<45' 'wheel<0.38' numpy==$numpy scipy==$scipy h5py==2.10.0 \
    pyyaml==5.4.1 six==1.16.0
  if [ "$release" = 2.3.1 ]; then
    "$pip" install --quiet enum34==1.1.10
    "$pip" install --quiet --no-deps Keras-Applications==1.0.8 Keras-Preprocessing==1.1.2
  fi
  "$pip" install --quiet --no-deps Theano==$theano
  "$pip" install --quiet --no-deps "Keras==$release"
  INTEROP=$directory "$(dirname "$0")/run.sh" "$release" "$(dirname "$0")/smoke.py"
done
