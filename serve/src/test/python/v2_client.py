"""A generic client of the Open Inference Protocol V2: the class probabilities of one image, in JSON and as binary data.

    python serve/src/test/python/v2_client.py http://127.0.0.1:8080 MODEL IMAGE.png [TOKEN]

Knows nothing about Jumbo: it asks the server for the shape of the input, sends raw pixels 0 to 255, and compares the
two answers, and both with POST .../predict. Needs requests, numpy and Pillow (or a .npy file of raw values).
"""

import json
import pathlib
import sys

import numpy
import requests


def pixels(path, shape):
    """Raw values in the shape [C, H, W] of the model's input."""
    if path.suffix == ".npy":
        return numpy.load(path).reshape(shape).astype("<f4")
    from PIL import Image

    image = Image.open(path).convert("L" if shape[0] == 1 else "RGB")
    values = numpy.asarray(image, dtype="<f4")
    return values[None] if values.ndim == 2 else values.transpose(2, 0, 1)


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
                headers={"Content-Type": f"image/{path.suffix[1:].replace('jpg', 'jpeg')}"},
            )
        )
        by_predict = numpy.array(list(response.json()["probabilities"].values()), dtype="<f4")
        assert (by_json == by_predict).all(), (by_json, by_predict)
    print(json.dumps({"probabilities": by_json.tolist()}))


main(*sys.argv[1:])
