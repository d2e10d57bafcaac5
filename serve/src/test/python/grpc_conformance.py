"""Every RPC of the published inference.GRPCInferenceService, by stubs that grpcio-tools makes of the published file.

    git clone https://github.com/triton-inference-server/common
    git clone https://github.com/kserve/open-inference-protocol
    python serve/src/test/python/grpc_conformance.py HOST:PORT MODEL common/protobuf/grpc_service.proto
    python serve/src/test/python/grpc_conformance.py HOST:PORT MODEL open-inference-protocol/specification/protocol/open_inference_grpc.proto

The model has one FP32 input and one output of class probabilities. Needs numpy, grpcio and grpcio-tools.
"""

import pathlib
import sys
import tempfile

import grpc
import numpy as np
from grpc_tools import protoc

CHECKED = []
HEALTH = """syntax = "proto3"; package grpc.health.v1;
message HealthCheckRequest { string service = 1; }
message HealthCheckResponse { enum ServingStatus { UNKNOWN = 0; SERVING = 1; NOT_SERVING = 2; SERVICE_UNKNOWN = 3; }
  ServingStatus status = 1; }
service Health { rpc Check(HealthCheckRequest) returns (HealthCheckResponse) {}
  rpc Watch(HealthCheckRequest) returns (stream HealthCheckResponse) {} }
"""


def check(what, right):
    assert right, what
    CHECKED.append(what)


def refused(what, call, code, text):
    try:
        call()
    except grpc.RpcError as error:
        assert error.code() == code and text in error.details(), (what, error.code(), error.details())
        CHECKED.append(what)
        return
    raise AssertionError(what + ": was answered")


def stubs(published):
    """Modules of the published file, and of the health protocol, made in a folder that is forgotten."""
    out = tempfile.mkdtemp()
    (pathlib.Path(out) / "watched_health.proto").write_text(HEALTH)
    source = pathlib.Path(published)
    files = [source.name, "watched_health.proto"] + (["model_config.proto"] if (source.parent / "model_config.proto").exists() else [])
    arguments = ["", f"-I{source.parent}", f"-I{out}", f"--python_out={out}", f"--grpc_python_out={out}", *files]
    assert protoc.main(arguments) == 0
    sys.path.insert(0, out)
    name = source.stem
    return [__import__(each) for each in (name + "_pb2", name + "_pb2_grpc", "watched_health_pb2", "watched_health_pb2_grpc")]


def unknown_fields(message):
    """How many fields of a message, and of those in it, the published file does not have."""
    from google.protobuf import unknown_fields as known

    inside = [value for field, value in message.ListFields() if field.message_type]
    flat = [each for value in inside for each in (value.values() if hasattr(value, "values") else value if hasattr(value, "__len__") else [value])]
    return len(known.UnknownFieldSet(message)) + sum(unknown_fields(each) for each in flat)


def main(address, model, published):
    pb, rpc, health, health_rpc = stubs(published)
    channel = grpc.insecure_channel(address)
    stub = rpc.GRPCInferenceServiceStub(channel)
    has = {method.name for method in pb.DESCRIPTOR.services_by_name["GRPCInferenceService"].methods}
    check("ServerLive", stub.ServerLive(pb.ServerLiveRequest()).live)
    check("ServerReady", stub.ServerReady(pb.ServerReadyRequest()).ready)
    check("ModelReady", stub.ModelReady(pb.ModelReadyRequest(name=model)).ready)
    refused(
        "ModelReady of none", lambda: stub.ModelReady(pb.ModelReadyRequest(name="none")), grpc.StatusCode.NOT_FOUND, "no such"
    )
    server = stub.ServerMetadata(pb.ServerMetadataRequest())
    check("ServerMetadata", server.name == "jumbo" and "binary_tensor_data" in server.extensions)
    metadata = stub.ModelMetadata(pb.ModelMetadataRequest(name=model))
    check("ModelMetadata", metadata.name == model and metadata.inputs[0].datatype == "FP32" and metadata.versions)
    field, output, version = metadata.inputs[0], metadata.outputs[0].name, metadata.versions[-1]
    shape = [2] + list(field.shape)[1:]
    values = np.random.default_rng(0).integers(0, 255, shape).astype("<f4")

    def request(datatype="FP32", raw=None, **contents):
        made = pb.ModelInferRequest(model_name=model, id="mine")
        tensor = made.inputs.add(name=field.name, datatype=datatype, shape=shape)
        if raw is not None:
            made.raw_input_contents.append(raw)
        for name, given in contents.items():
            getattr(tensor.contents, name).extend(given)
        return made

    by_raw = stub.ModelInfer(request(raw=values.tobytes()))
    expected = by_raw.raw_output_contents[0]
    check("ModelInfer raw", by_raw.id == "mine" and by_raw.model_version == version and len(expected) == 4 * np.prod(by_raw.outputs[0].shape))
    fields = {
        "FP32": "fp32_contents", "FP64": "fp64_contents", "INT16": "int_contents", "INT32": "int_contents",
        "INT64": "int64_contents", "UINT8": "uint_contents", "UINT16": "uint_contents", "UINT32": "uint_contents",
        "UINT64": "uint64_contents",
    }  # fmt: skip
    for datatype, name in fields.items():
        kind = datatype.lower().replace("fp", "float")
        flat = values.astype(kind).ravel().tolist()
        typed = stub.ModelInfer(request(datatype, **{name: flat})).outputs[0].contents.fp32_contents
        check(f"ModelInfer {datatype} typed: the same bits", np.array(typed, "<f4").tobytes() == expected)
        raw = stub.ModelInfer(request(datatype, raw=values.astype(kind).tobytes())).raw_output_contents[0]
        check(f"ModelInfer {datatype} raw: the same bits", raw == expected)
    raw = stub.ModelInfer(request("FP16", raw=values.astype("<f2").tobytes())).raw_output_contents[0]
    check("ModelInfer FP16 raw: the same bits", raw == expected)
    classes = request(raw=values.tobytes())
    classes.outputs.add(name=output).parameters["classification"].int64_param = 1
    answer = stub.ModelInfer(classes)
    check("classification", answer.outputs[0].datatype == "BYTES" and list(answer.outputs[0].shape) == [2, 1])
    wishes = request(raw=values.tobytes())
    wishes.parameters["priority"].int64_param = 1
    wishes.parameters["timeout"].int64_param = 20_000_000
    wishes.parameters["mine"].string_param = "anything"
    check("parameters", stub.ModelInfer(wishes).raw_output_contents[0] == expected)
    wrong = grpc.StatusCode.INVALID_ARGUMENT
    refused("a short tensor", lambda: stub.ModelInfer(request(raw=b"1234")), wrong, "bytes of raw_input_contents")
    refused("another field", lambda: stub.ModelInfer(request("INT32", fp32_contents=[1])), wrong, "int_contents")
    refused("contents and raw", lambda: stub.ModelInfer(request(raw=values.tobytes(), fp32_contents=[1])), wrong, "both")
    packed = stub.ModelInfer(request(raw=values.tobytes()), compression=grpc.Compression.Gzip)
    check("packed by gzip", packed.raw_output_contents[0] == expected)
    if "ModelStreamInfer" in has:
        asked = [request(raw=values.tobytes()), request(raw=b"12"), request(raw=values.tobytes())]
        heard = list(stub.ModelStreamInfer(iter(asked)))
        check("ModelStreamInfer", [bool(each.error_message) for each in heard] == [False, True, False])
        check("ModelStreamInfer: the same bits", heard[2].infer_response.raw_output_contents[0] == expected)
    if "RepositoryIndex" in has:
        index = stub.RepositoryIndex(pb.RepositoryIndexRequest())
        check("RepositoryIndex", any(each.name == model and each.state == "READY" for each in index.models))
        try:
            stub.RepositoryModelLoad(pb.RepositoryModelLoadRequest(model_name=model))
            check("RepositoryModelLoad", stub.ModelReady(pb.ModelReadyRequest(name=model)).ready)
            stub.RepositoryModelUnload(pb.RepositoryModelUnloadRequest(model_name=model))
            check("RepositoryModelUnload", True)
            stub.RepositoryModelLoad(pb.RepositoryModelLoadRequest(model_name=model))
            check("RepositoryModelLoad again", stub.ModelReady(pb.ModelReadyRequest(name=model)).ready)
        except grpc.RpcError as error:
            check("a server of one model says that it loads none", error.code() == wrong and "repository" in error.details())
        config = stub.ModelConfig(pb.ModelConfigRequest(name=model)).config
        check("ModelConfig", config.name == model and config.platform == metadata.platform and config.max_batch_size > 0)
        check("ModelConfig inputs", list(config.input[0].dims) == list(field.shape)[1:] and config.input[0].name == field.name)
        kind = type(config.input[0]).DESCRIPTOR.fields_by_name["data_type"].enum_type
        check("ModelConfig types", kind.values_by_number[config.input[0].data_type].name == "TYPE_FP32")
        check("ModelConfig instances", config.instance_group[0].count >= 1 and config.instance_group[0].kind == 2)
        check("ModelConfig has no field that the file does not know", unknown_fields(config) == 0)
        for unknown in ("TraceSetting", "LogSettings", "SystemSharedMemoryStatus", "CudaSharedMemoryStatus"):
            message = getattr(pb, unknown + "Request")()
            refused(unknown, lambda: getattr(stub, unknown)(message), grpc.StatusCode.UNIMPLEMENTED, "")
    if "ModelStatistics" in has and "statistics" in server.extensions:
        statistics = stub.ModelStatistics(pb.ModelStatisticsRequest(name=model)).model_stats[0]
        check("ModelStatistics", statistics.inference_count > 0 and statistics.inference_stats.success.count > 0)
        stats = statistics.inference_stats
        parts = [stats.queue, stats.compute_input, stats.compute_infer, stats.compute_output]
        check("ModelStatistics: each part is measured", all(part.ns > 0 and part.count == stats.success.count for part in parts))
        check("ModelStatistics: the parts are no more than the whole", sum(part.ns for part in parts) <= stats.success.ns)
        check("ModelStatistics: failures are timed", stats.fail.count > 0 and stats.fail.ns > 0)
        batches = {each.batch_size: each.compute_infer.count for each in statistics.batch_stats}
        check("ModelStatistics: batches by size", sum(batches.values()) == statistics.execution_count)
        check("ModelStatistics: rows", sum(size * count for size, count in batches.items()) == statistics.inference_count)
        check("ModelStatistics has no field that the file does not know", unknown_fields(statistics) == 0)
    checks = health_rpc.HealthStub(channel)
    for service in ("", "inference.GRPCInferenceService", model):
        check(f"health of '{service}'", checks.Check(health.HealthCheckRequest(service=service)).status == 1)
    unknown = health.HealthCheckRequest(service="none")
    refused("health of none", lambda: checks.Check(unknown), grpc.StatusCode.NOT_FOUND, "no such")
    watch = checks.Watch(health.HealthCheckRequest(service=""))
    check("Watch", next(iter(watch)).status == 1)
    watch.cancel()
    print(f"{len(CHECKED)} checks passed with {pathlib.Path(published).name}: {len(has)} RPCs are published")


main(*sys.argv[1:])
