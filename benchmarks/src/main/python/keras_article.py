"""The article's program in Keras, the twin of dev.jumbo.benchmarks.Article.

usage: keras_article.py MNIST_DIR [EPOCHS] [JIT] [PRECISION]     prints one JSON object

Batches of 64, Adam, a fifth of the training images held out to validate on; the time is that of `fit`, the accuracy
that of the last epoch. JIT is what compile() gets for jit_compile: auto (Keras's default), on or off; PRECISION Keras's policy: float32 or
mixed_bfloat16.
"""

import gzip
import json
import sys
import time
from pathlib import Path

import keras
import numpy as np

IMAGE_HEADER, LABEL_HEADER = 16, 8
JIT = {"auto": "auto", "on": True, "off": False}


def read_idx(directory, name, header):
    plain = directory / name
    content = plain.read_bytes() if plain.exists() else gzip.decompress((directory / (name + ".gz")).read_bytes())
    return np.frombuffer(content, np.uint8, offset=header)


def read_split(directory, prefix):
    images = read_idx(directory, f"{prefix}-images-idx3-ubyte", IMAGE_HEADER)
    labels = read_idx(directory, f"{prefix}-labels-idx1-ubyte", LABEL_HEADER)
    return images.reshape(-1, 28, 28, 1) / 255.0, keras.utils.to_categorical(labels, 10)


def network():
    layers = keras.layers
    return keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dense(10, activation="softmax", dtype="float32"),
    ])


def main(directory, epochs, jit, precision):
    keras.mixed_precision.set_global_policy(precision)
    x_train, y_train = read_split(directory, "train")
    x_test, y_test = read_split(directory, "t10k")
    model = network()
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"], jit_compile=jit)
    start = time.perf_counter()
    model.fit(x_train, y_train, epochs=epochs, batch_size=64, validation_split=0.2, verbose=0)
    seconds = time.perf_counter() - start
    loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
    print(json.dumps({"fit_seconds": seconds, "epochs": epochs, "accuracy": accuracy, "loss": loss}))


def argument(place, default):
    return sys.argv[place] if len(sys.argv) > place else default


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(argument(2, "10")), JIT[argument(3, "auto")], argument(4, "float32"))
