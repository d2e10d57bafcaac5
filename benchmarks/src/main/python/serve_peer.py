"""What a team writes in Python to serve the same networks: FastAPI on uvicorn, with ONNX Runtime or PyTorch, one thread.

usage: serve_peer.py onnxruntime|torch PORT CNN.onnx TABLE.onnx IDENTITY.onnx
"""
import io
import sys

import numpy as np
import orjson
import uvicorn
from fastapi import FastAPI, Request, Response
from PIL import Image

engine, port, files = sys.argv[1], int(sys.argv[2]), dict(zip(("cnn", "table", "identity"), sys.argv[3:6]))

if engine == "onnxruntime":
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    sessions = {name: onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
                for name, path in files.items()}
    inputs = {name: session.get_inputs()[0] for name, session in sessions.items()}

    def predict(name, x):
        kind = np.float64 if inputs[name].type == "tensor(double)" else np.float32
        return sessions[name].run(None, {inputs[name].name: x.astype(kind, copy=False)})[0]
else:
    import torch

    torch.set_num_threads(1)
    cnn = torch.nn.Sequential(
        torch.nn.Conv2d(1, 32, 3), torch.nn.ReLU(), torch.nn.MaxPool2d(2), torch.nn.Conv2d(32, 64, 3), torch.nn.ReLU(),
        torch.nn.MaxPool2d(2), torch.nn.Flatten(), torch.nn.Linear(1600, 128), torch.nn.ReLU(), torch.nn.Linear(128, 10),
        torch.nn.Softmax(1)).eval().to(memory_format=torch.channels_last)
    table = torch.nn.Sequential(torch.nn.Linear(32, 64), torch.nn.ReLU(), torch.nn.Linear(64, 3), torch.nn.Softmax(1)).eval()
    networks = {"cnn": cnn, "table": table, "identity": torch.nn.Identity()}

    def predict(name, x):
        with torch.inference_mode():
            return networks[name](torch.from_numpy(x)).numpy()

app = FastAPI()


def answer(name, x):
    y = predict(name, x)
    body = {"model_name": name, "outputs": [
        {"name": "label", "datatype": "FP32", "shape": list(y.shape), "data": y.ravel().tolist()}]}
    return Response(orjson.dumps(body), media_type="application/json")


@app.post("/{name}/json")
async def json_rows(name: str, request: Request):
    given = orjson.loads(await request.body())["inputs"][0]
    return answer(name, np.asarray(given["data"], np.float32).reshape(given["shape"]) / 255)


@app.post("/{name}/binary")
async def binary(name: str, request: Request):
    body = await request.body()
    length = int(request.headers["inference-header-content-length"])
    given = orjson.loads(body[:length])["inputs"][0]
    return answer(name, np.frombuffer(body, np.float32, offset=length).reshape(given["shape"]) / 255)


@app.post("/{name}/png")
async def picture(name: str, request: Request):
    image = Image.open(io.BytesIO(await request.body())).convert("L")
    return answer(name, np.asarray(image, np.float32)[None, None] / 255)


uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)
