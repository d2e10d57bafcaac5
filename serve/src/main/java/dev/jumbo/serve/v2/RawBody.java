package dev.jumbo.serve.v2;

import dev.jumbo.error.InputException;
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.model.TensorInfo;
import dev.jumbo.serve.wire.BinaryTexts;
import dev.jumbo.serve.wire.Datatype;
import dev.jumbo.serve.wire.Elements;
import dev.jumbo.serve.wire.InferRequest;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A body without any JSON ({@code Inference-Header-Content-Length: 0}): the bytes of the only input of one example, as the binary
 * extension has it. All outputs are answered as binary data.
 */
final class RawBody {
    private RawBody() {}

    /** @throws InputException if the model has several inputs, or its shape does not follow from the number of bytes */
    static InferRequest read(ServedModel model, byte[] body) {
        List<TensorInfo> inputs = TensorInfo.inputs(model);
        if (inputs.size() != 1) {
            throw new InputException("expected an Inference-Header-Content-Length of more than 0: a body of bytes alone"
                    + " says nothing of the " + inputs.size() + " inputs of this model");
        }
        TensorInfo input = inputs.get(0);
        if (input.datatype() == Datatype.BYTES) {
            return request(input, new long[] {1}, new BinaryTexts(List.of(ByteBuffer.wrap(body))));
        }
        long[] shape = input.shape().stream().mapToLong(size -> size).toArray();
        shape[0] = 1;
        long step = input.datatype().bytes();
        int open = -1;
        for (int i = 1; i < shape.length; i++) {
            if (shape[i] == TensorInfo.ANY) {
                if (open >= 0) {
                    throw new InputException(
                            "expected an Inference-Header-Content-Length of more than 0: the sizes of \"" + input.name()
                                    + "\" " + input.shape() + " do not follow from a number of bytes");
                }
                open = i;
            } else {
                step *= shape[i];
            }
        }
        if (open >= 0) {
            shape[open] = body.length / step;
        }
        long expected = open < 0 ? step : Math.max(1, shape[open]) * step;
        if (body.length != expected) {
            throw new InputException("input \"" + input.name() + "\": expected " + expected
                    + " bytes of one example, received " + body.length);
        }
        return request(input, shape, input.datatype().view(ByteBuffer.wrap(body)));
    }

    private static InferRequest request(TensorInfo input, long[] shape, Elements elements) {
        return new InferRequest(
                null,
                List.of(InferRequest.Input.checked(input.name(), input.datatype(), shape, elements)),
                List.of(),
                true);
    }
}
