"""A generic client of the Open Inference Protocol V2: the class probabilities of one image, in JSON and as binary data.

    python serve/src/test/python/v2_client.py http://127.0.0.1:8080 MODEL IMAGE.png [TOKEN]

Knows nothing about Jumbo: it asks the server for the shape of the input, sends raw pixels 0 to 255, and compares the
two answers, and both with POST .../predict. Takes a PNG (8-bit grey or RGB) or a .npy file of raw values. Needs requests and
numpy.
"""

import json
import pathlib
import struct
import sys
import zlib

import numpy
import requests


def png(data):
    """Width, height, channels and bytes of a PNG of 8-bit grey or RGB that is not interlaced (ISO/IEC 15948)."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n", "expected a PNG"
    at, packed = 8, b""
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        chunk = data[at + 8 : at + 8 + size]
        if kind == b"IHDR":
            width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", chunk)
            assert depth == 8 and colour in (0, 2) and not interlace, "expected 8-bit grey or RGB, not interlaced"
        elif kind == b"IDAT":
            packed += chunk
        at += size + 12
    channels = 1 if colour == 0 else 3
    lines, stride = zlib.decompress(packed), width * channels
    values, above = bytearray(), bytes(stride)
    for row in range(height):
        start = row * (stride + 1)
        method, line = lines[start], bytearray(lines[start + 1 : start + 1 + stride])
        for i in range(stride):
            left = line[i - channels] if i >= channels else 0
            corner = above[i - channels] if i >= channels else 0
            line[i] = (line[i] + predicted(method, left, above[i], corner)) & 255
        values += line
        above = line
    return width, height, channels, bytes(values)


def predicted(method, left, up, corner):
    """What a PNG filter adds to a byte."""
    if method == 4:  # Paeth: the neighbour nearest to left + up - corner
        return min((left, up, corner), key=lambda value: abs(left + up - corner - value))
    return (0, left, up, (left + up) // 2)[method]


def pixels(path, shape):
    """Raw values in the shape [C, H, W] of the model's input."""
    if path.suffix == ".npy":
        return numpy.load(path).reshape(shape).astype("<f4")
    width, height, channels, values = png(path.read_bytes())
    assert [channels, height, width] == shape, f"expected {shape}, received {[channels, height, width]}"
    return numpy.frombuffer(values, dtype="u1").reshape(height, width, channels).transpose(2, 0, 1).astype("<f4")


def main(url, model, image, token=None):
    session = requests.Session()
    if token:
        session.headers["Authorization"] = f"Bearer {token}"

    def checked(response):
        assert response.status_code == 200, (response.status_code, response.text)
        return response

    checked(session.get(f"{url}/v2/health/ready"))
    metadata = checked(session.get(f"{url}/v2/models/{model}")).json()
    field, output = metadata["inputs"][0], metadata["outputs"][0]["name"]
    path = pathlib.Path(image)
    values = numpy.ascontiguousarray(pixels(path, field["shape"][1:])[None])
    tensor = {"name": field["name"], "shape": list(values.shape), "datatype": "FP32"}

    body = {"inputs": [tensor | {"data": values.ravel().tolist()}]}
    answer = checked(session.post(f"{url}/v2/models/{model}/infer", json=body)).json()
    by_json = numpy.array(answer["outputs"][0]["data"], dtype="<f4")

    header = json.dumps(
        {
            "inputs": [tensor | {"parameters": {"binary_data_size": values.nbytes}}],
            "outputs": [{"name": output, "parameters": {"binary_data": True}}],
        }
    ).encode()
    response = checked(
        session.post(
            f"{url}/v2/models/{model}/infer",
            data=header + values.tobytes(),
            headers={
                "Inference-Header-Content-Length": str(len(header)),
                "Content-Type": "application/octet-stream",
            },
        )
    )
    length = int(response.headers["Inference-Header-Content-Length"])
    by_binary = numpy.frombuffer(response.content[length:], dtype="<f4")
    assert (by_json == by_binary).all(), (by_json, by_binary)

    if path.suffix != ".npy":
        response = checked(
            session.post(
                f"{url}/v2/models/{model}/predict",
                data=path.read_bytes(),
                headers={"Content-Type": "image/png"},
            )
        )
        by_predict = numpy.array(list(response.json()["probabilities"].values()), dtype="<f4")
        assert (by_json == by_predict).all(), (by_json, by_predict)
    print(json.dumps({"probabilities": by_json.tolist()}))


main(*sys.argv[1:])
