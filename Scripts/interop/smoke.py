"""Trains one small layer for an epoch: proof that a release runs."""
from __future__ import print_function

import keras
import numpy as np
import theano
from keras.layers.core import Dense
from keras.models import Sequential

model = Sequential()
model.add(Dense(3, input_dim=4))
model.compile(optimizer="sgd", loss="mse")
model.fit(np.ones((8, 4), "float32"), np.ones((8, 3), "float32"), nb_epoch=1, verbose=0)
print("Keras", keras.__version__, "Theano", theano.__version__, "NumPy", np.__version__, "train")
