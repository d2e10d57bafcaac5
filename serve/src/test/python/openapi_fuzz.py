"""Requests that Hypothesis makes from a server's own OpenAPI document, right ones and broken ones: no answer may be a 5xx that the document
does not have, none may have a status, a type or a key that it does not have, and the server must be well afterwards.

    python serve/src/test/python/openapi_fuzz.py http://HOST:PORT MODEL [REQUESTS] [SEED]

Needs hypothesis, requests and jsonschema.
"""

import collections
import json
import random
import re
import sys

import requests
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

URL, MODEL = sys.argv[1], sys.argv[2]
REQUESTS = int(sys.argv[3]) if len(sys.argv) > 3 else 10_000
SEED = int(sys.argv[4]) if len(sys.argv) > 4 else 0
SESSION = requests.Session()
DOCUMENT = SESSION.get(URL + "/openapi.json").json()
METADATA = SESSION.get(f"{URL}/v2/models/{MODEL}").json()
EXPECTED_5XX = {501, 503}
NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
COUNTS = collections.Counter()

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-3, 300),
    st.floats(allow_nan=False),
    st.text(max_size=20),
    st.sampled_from(["", "\x00", "1e999", METADATA["inputs"][0]["name"], METADATA["outputs"][0]["name"]]),
)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4), max_leaves=10
)


def of(schema):
    """Values of a schema, and now and then of none."""
    if "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    kinds = schema.get("type", ["object", "array", "string"])
    kinds = kinds if isinstance(kinds, list) else [kinds]
    made = []
    for kind in kinds:
        if "enum" in schema:
            made.append(st.sampled_from(schema["enum"]))
        elif kind == "string":
            made.append(st.text(max_size=12) | st.sampled_from([t["name"] for t in METADATA["inputs"] + METADATA["outputs"]]))
        elif kind == "boolean":
            made.append(st.booleans())
        elif kind in ("integer", "number"):
            made.append(st.integers(schema.get("minimum", -3), 6) | st.integers(schema.get("minimum", -(2**70)), 2**70))
        elif kind == "array":
            made.append(st.lists(of(schema["items"]) if "items" in schema else anything, max_size=5))
        else:
            properties = schema.get("properties", {})
            required = {name: of(properties[name]) for name in schema.get("required", [])}
            optional = {name: of(each) for name, each in properties.items() if name not in required}
            fixed = st.fixed_dictionaries(required, optional=optional)
            extra = schema.get("additionalProperties")
            if isinstance(extra, dict):
                fixed = st.dictionaries(
                    st.sampled_from(
                        "binary_data binary_data_output binary_data_size classification priority timeout sequence_id"
                        " shared_memory_region mine".split()
                    )
                    | st.text(max_size=6),
                    of(extra),
                    max_size=4,
                )
            elif not properties:
                fixed = st.dictionaries(st.text(max_size=8), anything, max_size=4)
            made.append(fixed)
    return st.one_of(made)


@st.composite
def right_infer(draw):
    """A request that the model takes, or nearly."""
    field = METADATA["inputs"][0]
    shape = [draw(st.integers(0, 3))] + [abs(size) if size > 0 else draw(st.integers(1, 3)) for size in field["shape"][1:]]
    size = 1
    for each in shape:
        size *= each
    value = draw(st.sampled_from([0, 1, 255, 0.5, -1, 1e30, True, "1", None, 2**63, 2**64 - 1, 1e-320]))
    data = [value] * size
    if draw(st.booleans()):
        for axis in reversed(shape[1:]):
            data = [data[i : i + axis] for i in range(0, len(data), axis)] if axis else data
    datatypes = DOCUMENT["components"]["schemas"]["InferRequest"]["properties"]["inputs"]["items"]["properties"]["datatype"]["enum"]
    body = {"inputs": [{"name": field["name"], "shape": shape, "datatype": draw(st.sampled_from(datatypes)), "data": data}]}
    if draw(st.booleans()):
        body["parameters"] = draw(of({"$ref": "#/components/schemas/Parameters"}))
    if draw(st.booleans()):
        body["outputs"] = [
            {"name": METADATA["outputs"][0]["name"], "parameters": draw(of({"$ref": "#/components/schemas/Parameters"}))}
        ]
    return body


OPERATIONS = [
    (path, method, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
    if not path.endswith(("/unload", "/load", "/canary", "/promote", "/rollback")) or METADATA["name"] == MODEL
]


@st.composite
def request(draw):
    path, method, operation = draw(st.sampled_from(OPERATIONS))
    model = draw(st.sampled_from([MODEL, MODEL, MODEL, "none", "%00", "..", "a" * 65]) | st.text(max_size=5))
    version = draw(st.sampled_from([METADATA["versions"][-1], METADATA["versions"][-1], "0", "-1", "9" * 30]))
    where = path.replace("{model}", requests.utils.quote(model, safe="%")).replace("{version}", version)
    if "load" in path or path.endswith(("canary", "promote", "rollback")):
        where = where.replace("/" + MODEL + "/", "/none/")  # or nothing would be left to ask
    if not re.fullmatch(NAME, model):
        operation_of_path = None  # a name that is none makes it another path
    else:
        operation_of_path = operation
    headers, body = {}, None
    contents = operation.get("requestBody", {}).get("content", {})
    if contents:
        kind = draw(st.sampled_from(sorted(contents)) | st.sampled_from(["", "text/plain", "application/json; charset=utf-16"]))
        headers["Content-Type"] = kind + ("; boundary=xyz" if kind.startswith("multipart") and draw(st.booleans()) else "")
        schema = contents.get("application/json", {}).get("schema", {"type": "object"})
        value = draw(right_infer() | of(schema) | anything if path.endswith("infer") else of(schema) | anything)
        body = json.dumps(value).encode()
        broken = draw(st.integers(0, 9))
        if broken == 0:
            body = body[: draw(st.integers(0, len(body)))]
        elif broken == 1:
            at = draw(st.integers(0, len(body)))
            body = body[:at] + draw(st.binary(max_size=6)) + body[at:]
        elif broken == 2:
            body = draw(st.binary(max_size=200))
        elif broken == 3:
            body = b"--xyz\r\nContent-Disposition: form-data; name=\"a\"; filename=\"a\"\r\n\r\n" + draw(st.binary(max_size=60)) + b"\r\n--xyz--\r\n"
        if draw(st.integers(0, 3)) == 0:
            length = draw(st.just(len(body)) | st.integers(-1, len(body) + 2))
            body += draw(st.binary(max_size=40))
            headers["Inference-Header-Content-Length"] = str(length)
    if draw(st.integers(0, 19)) == 0:
        method = draw(st.sampled_from(["get", "head", "post", "put", "delete", "patch", "options", "trace"]))
        return where + draw(st.sampled_from(["", "/", "?a=1"])), method, headers, body, None
    return where + draw(st.sampled_from(["", "", "/", "?a=1"])), method, headers, body, operation_of_path


def check(where, method, headers, body, operation):
    answer = SESSION.request(method.upper(), URL + where, data=body, headers=headers, timeout=60)
    COUNTS[answer.status_code] += 1
    told = (method, where, headers, body, answer.status_code, answer.text[:300])
    assert answer.status_code < 500 or answer.status_code in EXPECTED_5XX, told
    if answer.status_code >= 400 and method != "head":
        assert answer.headers["Content-Type"].startswith("application/json") and answer.json()["error"], told
        assert "Exception" not in answer.text and "dev.jumbo" not in answer.text, told
    elif operation and answer.content:
        reply = operation["responses"].get(str(answer.status_code))
        assert reply is not None, told
        kind = answer.headers["Content-Type"].split(";")[0]
        schema = reply.get("content", {}).get(kind, {}).get("schema")
        if schema and kind == "application/json":
            Draft202012Validator({**schema, "components": DOCUMENT["components"]}).validate(answer.json())
    if operation and answer.status_code not in (400, 404) and method != "head":
        assert str(answer.status_code) in operation["responses"], told


@seed(SEED)
@settings(max_examples=REQUESTS, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(request())
def fuzz(each):
    check(*each)


random.seed(SEED)
fuzz()
assert SESSION.get(f"{URL}/v2/models/{MODEL}/ready").json()["ready"], "the server is not well afterwards"
print(f"{sum(COUNTS.values())} requests, by status: {dict(sorted(COUNTS.items()))}")
