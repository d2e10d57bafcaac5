package dev.jumbo.serve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.jumbo.error.InputException;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.serve.fuzz.AnyBytes;
import dev.jumbo.serve.fuzz.Tensors;
import dev.jumbo.serve.grpc.proto.ModelInferRequest;
import dev.jumbo.serve.wire.Datatype;
import dev.jumbo.serve.wire.InferReader;
import dev.jumbo.serve.wire.InferRequest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Infer requests in each form of the protocol: any bytes are read or refused, and the same tensor is the same in all of them. */
class InferRequestFuzzTest {
    /** The first line is the header with the length of the JSON; {@code -} for none. */
    @Fuzzed
    void rest(byte[] data) {
        String header = AnyBytes.firstLine(data);
        byte[] body = AnyBytes.rest(data);
        InferRequest read =
                AnyBytes.read(data, () -> InferReader.read("m", "1", body, header.equals("-") ? null : header));
        if (read != null) {
            requireTheSameInOtherForms(read);
        }
    }

    @Fuzzed
    void grpc(byte[] data) {
        InferRequest read = AnyBytes.read(data, () -> Messages.read(message(data)));
        if (read != null) {
            requireTheSameInOtherForms(read);
        }
    }

    private static ModelInferRequest message(byte[] data) {
        try {
            return ModelInferRequest.parseFrom(data);
        } catch (InvalidProtocolBufferException e) {
            throw new InputException("expected a message", e); // gRPC says so
        }
    }

    private static void requireTheSameInOtherForms(InferRequest request) {
        List<List<Object>> values = new ArrayList<>();
        for (InferRequest.Input input : request.inputs()) {
            if (!Tensors.isWhole(input)) {
                return;
            }
            values.add(Tensors.values(input));
        }
        assertThat(all(binary(request))).isEqualTo(values);
        assertThat(all(Messages.read(message(request, true)))).isEqualTo(values);
        boolean typed = request.inputs().stream()
                .noneMatch(input -> input.datatype() == Datatype.FP16 || input.datatype() == Datatype.BF16);
        if (typed) {
            assertThat(all(Messages.read(message(request, false)))).isEqualTo(values);
        }
    }

    private static List<List<Object>> all(InferRequest request) {
        return request.inputs().stream().map(Tensors::values).toList();
    }

    /** Written as the binary extension has it, and read again. */
    private static InferRequest binary(InferRequest request) {
        var json = new StringBuilder("{\"inputs\":[");
        var values = new ByteArrayOutputStream();
        for (InferRequest.Input input : request.inputs()) {
            byte[] bytes = Tensors.little(input);
            json.append(values.size() == 0 && json.length() < 12 ? "" : ",")
                    .append("{\"name\":\"n\",\"datatype\":\"")
                    .append(input.datatype())
                    .append("\",\"shape\":")
                    .append(Arrays.toString(input.shape()))
                    .append(",\"parameters\":{\"binary_data_size\":")
                    .append(bytes.length)
                    .append("}}");
            values.writeBytes(bytes);
        }
        byte[] head = json.append("]}").toString().getBytes(StandardCharsets.UTF_8);
        var body = new ByteArrayOutputStream();
        body.writeBytes(head);
        body.writeBytes(values.toByteArray());
        return InferReader.read("m", "1", body.toByteArray(), Integer.toString(head.length));
    }

    private static ModelInferRequest message(InferRequest request, boolean raw) {
        ModelInferRequest.Builder message = ModelInferRequest.newBuilder().setModelName("m");
        for (InferRequest.Input input : request.inputs()) {
            ModelInferRequest.InferInputTensor.Builder tensor = message.addInputsBuilder()
                    .setName(input.name())
                    .setDatatype(input.datatype().name());
            Arrays.stream(input.shape()).forEach(tensor::addShape);
            if (raw) {
                message.addRawInputContents(ByteString.copyFrom(Tensors.little(input)));
            } else {
                tensor.setContents(Tensors.typed(input));
            }
        }
        return message.build();
    }
}
