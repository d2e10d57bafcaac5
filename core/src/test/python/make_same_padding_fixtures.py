"""Writes Keras's numbers for layers with padding="same", which PyTorch has not for uneven totals and strides.

    python core/src/test/python/make_same_padding_fixtures.py        # needs tensorflow; tests need only the files

The files have the form that make_layer_fixtures.py describes: channels first, PyTorch's names and shapes of parameters.
"""

import json
import pathlib

import keras
import numpy as np
import tensorflow as tf

OUT = pathlib.Path(__file__).resolve().parent.parent / "resources" / "fixtures" / "layers"


def first(x):
    """Channels last to channels first."""
    return np.moveaxis(x, -1, 1)


def convolution(kernel):
    """[k..., in, out] to [out, in, k...]; for a transposed one, [k..., out, in] to [in, out, k...]."""
    return np.moveaxis(kernel, (-1, -2), (0, 1))


def depthwise(kernel):
    """[kh, kw, in, multiplier] to [in * multiplier, 1, kh, kw]."""
    return kernel.transpose(2, 3, 0, 1).reshape(-1, 1, *kernel.shape[:2])


def tensor(x):
    return {"shape": list(x.shape), "values": [float(f"{v:.9g}") for v in np.asarray(x, "float64").flatten()]}


def write(name, layer, shape, to_torch=convolution):
    random = np.random.default_rng(sum(map(ord, name)))
    draw = lambda s: tf.constant(random.normal(size=tuple(s)), tf.float32)
    x = draw(shape[:1] + shape[2:] + shape[1:2])
    layer.build(x.shape)
    for variable in layer.trainable_variables:
        variable.assign(0.5 * draw(variable.shape))
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = layer(x)
        weights = draw(y.shape)
        loss = tf.reduce_sum(y * weights)
    variables = [v.value for v in layer.trainable_variables]
    x_gradient, gradients = tape.gradient(loss, [x, variables])
    named = lambda values: {
        "bias" if v.shape.rank == 1 else "weight": tensor(v.numpy() if v.shape.rank == 1 else to_torch(v.numpy()))
        for v in values
    }
    fixture = {
        "inputs": [tensor(first(x.numpy()))],
        "parameters": named(variables),
        "weights": [tensor(first(weights.numpy()))],
        "train": [tensor(first(y.numpy()))],
        "eval": [tensor(first(y.numpy()))],
        "input_gradients": [tensor(first(x_gradient.numpy()))],
        "gradients": named(gradients),
        "after": {},
    }
    (OUT / f"{name}.json").write_text(json.dumps(fixture, separators=(",", ":")) + "\n")


def main():
    layers, image, small = keras.layers, (2, 4, 7, 6), (2, 4, 3, 4)
    write("conv2d_same_uneven", layers.Conv2D(3, (2, 4), padding="same"), image)
    write("conv2d_same_stride", layers.Conv2D(3, 3, strides=2, padding="same"), image)
    write("conv2d_same_dilation", layers.Conv2D(3, 3, dilation_rate=2, padding="same"), image)
    write("conv1d_same_uneven", layers.Conv1D(6, 4, groups=2, padding="same"), (2, 4, 9))
    write("depthwise_conv2d_same", layers.DepthwiseConv2D(3, strides=2, depth_multiplier=2, padding="same"),
          (2, 3, 6, 6), depthwise)
    write("conv2d_transpose_same_uneven", layers.Conv2DTranspose(3, 3, strides=2, padding="same"), small)
    write("conv2d_transpose_same_small", layers.Conv2DTranspose(3, 2, strides=3, padding="same"), small)
    write("conv1d_transpose_same", layers.Conv1DTranspose(3, 4, strides=2, padding="same"), (2, 4, 5))
    write("max_pool2d_same_uneven", layers.MaxPooling2D(2, padding="same"), (2, 3, 5, 5))
    write("max_pool2d_same_stride", layers.MaxPooling2D(3, strides=2, padding="same"), (2, 3, 6, 5))
    write("avg_pool2d_same_even", layers.AveragePooling2D(3, strides=1, padding="same"), image)
    write("avg_pool2d_same_uneven", layers.AveragePooling2D(2, strides=1, padding="same"), image)
    write("avg_pool1d_same", layers.AveragePooling1D(3, strides=2, padding="same"), (2, 3, 8))


if __name__ == "__main__":
    main()
