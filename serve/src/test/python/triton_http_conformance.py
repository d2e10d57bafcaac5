"""Triton's own Python HTTP client, run from its source, against a Jumbo server: each path and message.

    git clone https://github.com/triton-inference-server/client
    PYTHONPATH=client/src/python/library python serve/src/test/python/triton_http_conformance.py HOST:PORT MODEL

The model has one FP32 input and one output of class probabilities. Needs numpy. Where rapidjson, gevent or geventhttpclient are not
installed, only the transport is replaced (by json, threads and http.client of the standard library); every byte of a request and every
reading of an answer is the client's own.
"""

import concurrent.futures
import http.client
import json
import sys
import time
import types


def stand_in():
    """The client's transport, where its libraries are missing."""

    class Response:
        def __init__(self, response):
            self.status_code, self._headers, self._body = response.status, response.headers, response.read()

        def get(self, name, default=None):
            return self._headers.get(name, default)

        def read(self, length=-1):
            part, self._body = (self._body, b"") if length < 0 else (self._body[:length], self._body[length:])
            return part

    class Client:
        def __init__(self, host, port):
            self._address = (host, port)

        @classmethod
        def from_url(cls, url, **kwargs):
            return cls(url.host, url.port)

        def _ask(self, method, uri, body=None, headers=None):
            connection = http.client.HTTPConnection(*self._address, timeout=60)
            connection.request(method, uri, body=body, headers=headers or {})
            answer = Response(connection.getresponse())
            connection.close()
            return answer

        def get(self, request_uri, headers=None):
            return self._ask("GET", request_uri, headers=headers)

        def post(self, request_uri, body=None, headers=None):
            return self._ask("POST", request_uri, body.encode() if isinstance(body, str) else body, headers)

        def close(self):
            pass

    class Url:
        def __init__(self, text):
            self.host, port = text.split("//")[1].split("/")[0].split(":")
            self.port, self.request_uri = int(port), "/"

    class Later:
        def __init__(self, future):
            self._future = future

        def start(self):
            pass  # it runs from the first moment

        def get(self, block=True, timeout=None):
            return self._future.result(timeout)

    class Pool:
        def __init__(self, size=None):
            self._threads = concurrent.futures.ThreadPoolExecutor(size or 8)

        def apply_async(self, work, args):
            return Later(self._threads.submit(work, *args))

        def join(self):
            self._threads.shutdown()

    def module(name, **names):
        made = types.ModuleType(name)
        made.__dict__.update(names)
        sys.modules[name] = made
        return made

    replaced = []
    try:
        import rapidjson  # noqa: F401
    except ImportError:
        module("rapidjson", **{name: getattr(json, name) for name in ("loads", "dumps", "JSONDecodeError")})
        replaced.append("rapidjson")
    try:
        import gevent.pool  # noqa: F401
        import geventhttpclient  # noqa: F401
    except ImportError:
        pool = module("gevent.pool", Pool=Pool)
        module("gevent", pool=pool, Timeout=concurrent.futures.TimeoutError, sleep=time.sleep)
        module("geventhttpclient", HTTPClient=Client)
        module("geventhttpclient.url", URL=Url)
        replaced += ["gevent", "geventhttpclient"]
    return replaced


REPLACED = stand_in()

import numpy as np  # noqa: E402
import tritonclient.http as triton  # noqa: E402
from tritonclient.utils import InferenceServerException, np_to_triton_dtype  # noqa: E402

CHECKED = []


def check(what, right):
    assert right, what
    CHECKED.append(what)


def refused(what, call, status, text):
    try:
        call()
    except InferenceServerException as error:
        check(what, error.status() == str(status) and text in error.message())
        return
    raise AssertionError(what + ": was answered")


def main(address, model):
    client = triton.InferenceServerClient(address)
    check("server live", client.is_server_live())
    check("server ready", client.is_server_ready())
    check("model ready", client.is_model_ready(model))
    check("a model that is not there is not ready", not client.is_model_ready("no-such-model"))
    server = client.get_server_metadata()
    check("server metadata", server["name"] == "jumbo" and "binary_tensor_data" in server["extensions"])
    metadata = client.get_model_metadata(model)
    version = metadata["versions"][-1]
    check("model ready, version", client.is_model_ready(model, version))
    check("model metadata, version", client.get_model_metadata(model, version) == metadata)
    field, output = metadata["inputs"][0], metadata["outputs"][0]["name"]
    shape = [2] + field["shape"][1:]
    values = np.random.default_rng(0).integers(0, 255, shape).astype(np.float32)

    def tensor(array, binary):
        made = triton.InferInput(field["name"], list(array.shape), np_to_triton_dtype(array.dtype))
        made.set_data_from_numpy(array, binary_data=binary)
        return made

    def ask(array, binary, outputs=None, **more):
        return client.infer(model, [tensor(array, binary)], outputs=outputs, **more)

    expected = ask(values, True).as_numpy(output)
    check("infer, binary in and out", expected.shape[0] == 2 and expected.dtype == np.float32)
    for binary_in in (False, True):
        for binary_out in (False, True):
            wanted = [triton.InferRequestedOutput(output, binary_data=binary_out)]
            same = ask(values, binary_in, wanted).as_numpy(output)
            check(f"infer, binary in {binary_in}, out {binary_out}: the same bits", same.tobytes() == expected.tobytes())
    for kind in (np.uint8, np.uint16, np.uint32, np.uint64, np.int16, np.int32, np.int64, np.float16, np.float64):
        same = ask(values.astype(kind), True).as_numpy(output)
        check(f"infer, {np.dtype(kind).name}: the same bits", same.tobytes() == expected.tobytes())
        if kind is not np.float16:  # the client itself sends none in JSON
            same = ask(values.astype(kind), False).as_numpy(output)
            check(f"infer, {np.dtype(kind).name} in JSON: the same bits", same.tobytes() == expected.tobytes())
    answer = ask(values, True, request_id="mine", model_version=version, priority=1, timeout=20_000_000)
    check("infer, id, version, priority, timeout", answer.get_response()["id"] == "mine")
    check("infer, parameters of one's own are ignored", ask(values, True, parameters={"mine": 3}).as_numpy(output) is not None)
    top = ask(values, True, [triton.InferRequestedOutput(output, class_count=2)]).as_numpy(output)
    first = [max(range(expected.shape[1]), key=lambda i: row[i]) for row in expected]
    check("classification", [int(text.split(b":")[1]) for text in top[:, 0]] == first)
    pending = [client.async_infer(model, [tensor(values, True)]) for _ in range(8)]
    check("async infer", all((p.get_result().as_numpy(output) == expected).all() for p in pending))
    for algorithm in ("gzip", "deflate"):
        try:
            packed = ask(values, True, request_compression_algorithm=algorithm, response_compression_algorithm=algorithm)
            check(f"packed by {algorithm}", packed.as_numpy(output).tobytes() == expected.tobytes())
        except InferenceServerException as error:
            check(f"packed by {algorithm}: refused in words", error.status() == "415")
    body, length = triton.InferenceServerClient.generate_request_body([tensor(values, True)])
    check("a request made apart", length > 0 and len(body) == length + values.nbytes)
    refused("a sequence", lambda: ask(values, True, sequence_id=3, sequence_start=True), 400, "sequence_id")
    refused("an unknown model", lambda: client.infer("no-such-model", [tensor(values, True)]), 404, "no such model")
    refused("an unknown version", lambda: ask(values, True, model_version="999"), 404, "no such version")
    refused("another shape", lambda: ask(values[..., :1].copy(), True), 400, "expected the shape")
    wrong = triton.InferRequestedOutput("nothing")
    refused("an unknown output", lambda: ask(values, True, [wrong]), 400, "unknown output")
    index = client.get_model_repository_index()
    check("repository index", any(each["name"] == model and each["state"] == "READY" for each in index))
    try:
        client.load_model(model)
        check("load", client.is_model_ready(model))
        client.unload_model(model)
        check("unload", not client.is_model_ready(model))
        client.load_model(model)
        check("load again", client.is_model_ready(model))
    except InferenceServerException as error:
        check("a server of one model says that it loads none", error.status() == "400" and "repository" in error.message())
    if "statistics" in server["extensions"]:
        stats = client.get_inference_statistics(model)["model_stats"]
        check("statistics", stats[0]["inference_count"] > 0)
        parts = [stats[0]["inference_stats"][part] for part in ("queue", "compute_input", "compute_infer", "compute_output")]
        success = stats[0]["inference_stats"]["success"]
        check("statistics, parts", all(part["ns"] > 0 and part["count"] == success["count"] for part in parts))
        check("statistics, sum", sum(part["ns"] for part in parts) <= success["ns"])
        check("statistics, batches", sum(each["compute_infer"]["count"] for each in stats[0]["batch_stats"]) == stats[0]["execution_count"])
    if "model_configuration" in server["extensions"]:
        config = client.get_model_config(model)
        check("config", config["name"] == model and config["platform"] == metadata["platform"])
        check("config, version", client.get_model_config(model, version) == config)
        check("config, input", config["input"][0]["dims"] == field["shape"][1:] and config["input"][0]["data_type"] == "TYPE_FP32")
        check("config, batches", config["max_batch_size"] > 0)
        refused("the config of an unknown model", lambda: client.get_model_config("no-such-model"), 404, "no such model")
    client.close()
    print(f"{len(CHECKED)} checks passed; transport replaced: {', '.join(REPLACED) or 'none'}")


main(*sys.argv[1:])
