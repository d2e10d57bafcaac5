package dev.jumbo.serve.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.serve.fuzz.AnyBytes;
import dev.jumbo.serve.fuzz.FakeModels;
import dev.jumbo.serve.limits.Limits;
import dev.jumbo.serve.wire.InferReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Bodies as models of each kind read them. The first letter chooses the model. */
class ModelBodyFuzzTest {
    private static final Limits LIMITS = new Limits(4096, 64);

    private static ServedModel model(byte[] data) {
        int letter = data.length == 0 ? 0 : data[0] & 0xff;
        return FakeModels.ALL.get(letter % FakeModels.ALL.size());
    }

    private static byte[] body(byte[] data) {
        return Arrays.copyOfRange(data, Math.min(1, data.length), data.length);
    }

    /** JSON to predict: numbers, rows, texts, sequences, pictures in base64, one or several. */
    @Fuzzed
    void predict_json(byte[] data) {
        ServedModel model = model(data);
        byte[] body = body(data);
        ServedModel.Asked asked = AnyBytes.read(data, () -> new PredictBody(model, LIMITS).read(body, true));
        require(model, asked);
    }

    /** A file to predict. */
    @Fuzzed
    void predict_file(byte[] data) {
        ServedModel model = model(data);
        byte[] body = body(data);
        ServedModel.Asked asked = AnyBytes.read(data, () -> new PredictBody(model, LIMITS).read(body, false));
        require(model, asked);
    }

    /** Several files: the second letter is how long each is. */
    @Fuzzed
    void predict_files(byte[] data) {
        ServedModel model = model(data);
        int each = data.length < 2 ? 1 : 1 + (data[1] & 0xff);
        List<byte[]> files = new ArrayList<>();
        for (int at = 2; at < data.length; at += each) {
            files.add(Arrays.copyOfRange(data, at, Math.min(data.length, at + each)));
        }
        if (!files.isEmpty()) {
            ServedModel.Asked asked = AnyBytes.read(data, () -> new PredictBody(model, LIMITS).read(files));
            require(model, asked);
        }
    }

    /** An infer request of JSON, to a model. */
    @Fuzzed
    void infer(byte[] data) {
        ServedModel model = model(data);
        byte[] body = body(data);
        ServedModel.Request request =
                AnyBytes.read(data, () -> model.read(InferReader.read("m", "1", body, null), LIMITS));
        if (request != null) {
            require(model, new ServedModel.Asked(request, false));
        }
    }

    private static void require(ServedModel model, ServedModel.@org.jspecify.annotations.Nullable Asked asked) {
        if (asked == null) {
            return;
        }
        ServedModel.Request request = asked.request();
        assertThat(request.rows()).isBetween(1, LIMITS.maxRows());
        assertThat(request.inputs())
                .hasSize(model.predictor().rows() == null ? model.inputs().size() : 1);
        // What the scheduler does with them: parts of a request, and several together.
        List<?> half = InputRows.slice(request.inputs(), request.rows(), 0, (request.rows() + 1) / 2);
        List<?> joined = InputRows.join(List.of(half, request.inputs()));
        assertThat(InputRows.bytes(joined)).isGreaterThanOrEqualTo(InputRows.bytes(half));
    }
}
