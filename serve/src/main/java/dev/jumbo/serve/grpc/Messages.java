package dev.jumbo.serve.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.grpc.proto.InferParameter;
import dev.jumbo.serve.grpc.proto.InferTensorContents;
import dev.jumbo.serve.grpc.proto.ModelInferRequest;
import dev.jumbo.serve.grpc.proto.ModelInferResponse;
import dev.jumbo.serve.wire.Datatype;
import dev.jumbo.serve.wire.Elements;
import dev.jumbo.serve.wire.InferAnswer;
import dev.jumbo.serve.wire.InferRequest;
import dev.jumbo.serve.wire.RequestParameters;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Messages as requests, and answers as messages. Raw tensors are views of the bytes that came. */
final class Messages {
    static final int MAX_TENSORS = 1024;

    private Messages() {}

    /** @throws InputException at the first thing that is wrong */
    static InferRequest read(ModelInferRequest message) {
        int raw = message.getRawInputContentsCount();
        if (message.getInputsCount() > MAX_TENSORS || message.getOutputsCount() > MAX_TENSORS) {
            throw tooMany();
        }
        if (raw > 0 && raw != message.getInputsCount()) {
            throw new InputException("expected raw_input_contents for each of the " + message.getInputsCount()
                    + " inputs or for none, received " + raw);
        }
        List<InferRequest.Input> inputs = new ArrayList<>();
        for (int i = 0; i < message.getInputsCount(); i++) {
            ModelInferRequest.InferInputTensor tensor = message.getInputs(i);
            parameters(tensor.getParametersMap());
            String name = tensor.getName();
            Datatype type = Datatype.named(name, tensor.getDatatype());
            long[] shape =
                    tensor.getShapeList().stream().mapToLong(size -> size).toArray();
            if (raw > 0 && tensor.hasContents()) {
                throw new InputException(
                        "input \"" + name + "\": expected either contents or raw_input_contents, received both");
            }
            Elements elements = raw > 0
                    ? raw(name, type, shape, message.getRawInputContents(i))
                    : TypedContents.of(name, type, tensor.getContents());
            inputs.add(InferRequest.Input.checked(name, type, shape, elements));
        }
        List<InferRequest.Output> outputs = message.getOutputsList().stream()
                .map(output -> parameters(output.getParametersMap()).output(output.getName()))
                .toList();
        InferRequest.Wishes wishes = parameters(message.getParametersMap()).wishes();
        return new InferRequest(
                message.getId().isEmpty() ? null : message.getId(),
                inputs,
                outputs,
                new InferRequest.Wishes(raw > 0 || wishes.binaryOutputs(), wishes.priority(), wishes.timeoutMicros()));
    }

    static InputException tooMany() {
        return new InputException("expected at most " + MAX_TENSORS + " inputs and outputs");
    }

    private static Elements raw(String name, Datatype type, long[] shape, ByteString bytes) {
        long expected = InferRequest.Input.bytes(name, type, shape);
        if (type != Datatype.BYTES && bytes.size() != expected) {
            throw new InputException(
                    "input \"" + name + "\": expected " + expected + " bytes of raw_input_contents for " + type + " "
                            + Arrays.toString(shape) + ", received " + bytes.size());
        }
        return type.view(bytes.asReadOnlyByteBuffer());
    }

    private static RequestParameters parameters(Map<String, InferParameter> given) {
        RequestParameters parameters = new RequestParameters();
        given.forEach((name, value) -> parameters.put(
                name,
                switch (value.getParameterChoiceCase()) {
                    case BOOL_PARAM -> value.getBoolParam();
                    case INT64_PARAM -> value.getInt64Param();
                    case STRING_PARAM -> value.getStringParam();
                    case DOUBLE_PARAM -> value.getDoubleParam();
                    case UINT64_PARAM ->
                        value.getUint64Param() >= 0
                                ? (Object) value.getUint64Param()
                                : new BigInteger(Long.toUnsignedString(value.getUint64Param()));
                    case PARAMETERCHOICE_NOT_SET ->
                        throw new InputException(
                                "expected a text, a number, true or false as the parameter \"" + name + "\"");
                }));
        return parameters;
    }

    /** @param raw whether as bytes, which holds for all outputs of a message */
    static ModelInferResponse.Builder write(InferAnswer answer, boolean raw) {
        ModelInferResponse.Builder message =
                ModelInferResponse.newBuilder().setModelName(answer.model()).setModelVersion(answer.version());
        if (answer.id() != null) {
            message.setId(answer.id());
        }
        String warnings = answer.warningLines();
        if (!warnings.isEmpty()) {
            message.putParameters(
                    "warnings",
                    InferParameter.newBuilder().setStringParam(warnings).build());
        }
        for (InferAnswer.Output output : answer.outputs()) {
            ModelInferResponse.InferOutputTensor.Builder tensor = message.addOutputsBuilder()
                    .setName(output.field().name())
                    .setDatatype(output.datatype().name());
            for (long size : output.shape(answer.rows())) {
                tensor.addShape(size);
            }
            if (raw) {
                message.addRawOutputContents(
                        UnsafeByteOperations.unsafeWrap(ByteBuffer.wrap(output.bytes(answer.rows()))));
            } else {
                tensor.setContents(contents(output, answer.rows()));
            }
        }
        return message;
    }

    private static InferTensorContents contents(InferAnswer.Output output, int rows) {
        InferTensorContents.Builder contents = InferTensorContents.newBuilder();
        if (output.datatype() == Datatype.BYTES) {
            output.texts(rows).forEach(text -> contents.addBytesContents(ByteString.copyFromUtf8(text)));
        } else {
            for (float value : output.values()) {
                contents.addFp32Contents(value);
            }
        }
        return contents.build();
    }
}
