"""Writes src/test/resources/fixtures/images: small pictures made by TensorFlow, and the values PyTorch and TensorFlow read or
resize them to. Run from the module's directory: python src/test/python/make_image_fixtures.py"""
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf
import torch

OUT = "src/test/resources/fixtures/images/"
rng = np.random.default_rng(7)


def write(name, data):
    with open(OUT + name, "wb") as f:
        f.write(data)


def values(name, array):
    np.savetxt(OUT + name, np.asarray(array, dtype=np.float64).reshape(-1), fmt="%.6g")


y, x = np.mgrid[0:18, 0:26]
smooth = np.stack([8 * x, 255 - 12 * y, 5 * (x + y)], -1).clip(0, 255).astype(np.uint8)
noisy = rng.integers(0, 256, (18, 26, 3), dtype=np.uint8)

write("rgb.png", tf.io.encode_png(noisy).numpy())
write("grey.png", tf.io.encode_png(noisy[:, :, :1]).numpy())
write("grey_alpha.png", tf.io.encode_png(noisy[:, :, :2]).numpy())
write("rgba.png", tf.io.encode_png(np.concatenate([noisy, noisy[::-1, :, :1]], -1)).numpy())
deep = (noisy[:, :, :1].astype(np.uint16) * 257)
write("grey16.png", tf.io.encode_png(deep).numpy())
jpeg = tf.io.encode_jpeg(smooth, quality=95).numpy()
write("rgb.jpg", jpeg)
write("progressive.jpg", tf.io.encode_jpeg(smooth, quality=95, progressive=True).numpy())
write("grey.jpg", tf.io.encode_jpeg(smooth[:, :, :1], quality=95).numpy())

values("rgb.txt", noisy.transpose(2, 0, 1))
values("jpg.txt", tf.io.decode_jpeg(jpeg, dct_method="INTEGER_ACCURATE").numpy().transpose(2, 0, 1))
values("grey_jpg.txt", tf.io.decode_jpeg(tf.io.encode_jpeg(smooth[:, :, :1], quality=95)).numpy())
nchw = torch.tensor(noisy.transpose(2, 0, 1), dtype=torch.float64)[None]
for h, w in [(7, 9), (40, 31), (18, 5)]:
    resized = torch.nn.functional.interpolate(nchw, (h, w), mode="bilinear", antialias=True, align_corners=False)
    values(f"resized_{h}x{w}.txt", resized.numpy())
