package dev.jumbo.serve.v2;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.serve.fuzz.AnyBytes;
import dev.jumbo.serve.fuzz.FakeModels;
import dev.jumbo.serve.fuzz.Tensors;
import dev.jumbo.serve.http.BodyType;
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.wire.InferRequest;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;

/** Bodies that are no JSON: values alone, and forms of files. */
class RawBodyFuzzTest {
    /** The first letter chooses the model. */
    @Fuzzed
    void values(byte[] data) {
        ServedModel model = FakeModels.ALL.get((data.length == 0 ? 0 : data[0] & 0xff) % FakeModels.ALL.size());
        byte[] body = Arrays.copyOfRange(data, Math.min(1, data.length), data.length);
        InferRequest read = AnyBytes.read(data, () -> RawBody.read(model, body));
        if (read != null && Tensors.isWhole(read.inputs().get(0))) {
            byte[] again = Tensors.little(read.inputs().get(0));
            assertThat(model.inputs().get(0).isBytes() ? Arrays.copyOfRange(again, 4, again.length) : again)
                    .isEqualTo(body);
        }
    }

    /** The first line is the header Content-Type. */
    @Fuzzed
    void form(byte[] data) {
        AggregatedHttpRequest request = request(data);
        List<byte[]> files = AnyBytes.read(data, () -> {
            try {
                return FormFiles.of(request).join();
            } catch (CompletionException e) {
                throw (RuntimeException) e.getCause();
            }
        });
        if (files != null) {
            assertThat(files).hasSizeBetween(1, 1024);
            assertThat(files.stream().mapToInt(file -> file.length).sum()).isLessThanOrEqualTo(data.length);
        }
    }

    /** What a body is taken for. The first line is the header Content-Type. */
    @Fuzzed
    void type(byte[] data) {
        AnyBytes.read(data, () -> BodyType.of(request(data)));
    }

    private static AggregatedHttpRequest request(byte[] data) {
        String type = AnyBytes.firstLine(data).replaceAll("[\\x00-\\x08\\x0a-\\x1f\\x7f]", "?"); // as the server does
        RequestHeaders headers = RequestHeaders.builder(HttpMethod.POST, "/v2/models/m/predict")
                .add("content-type", type)
                .build();
        return AggregatedHttpRequest.of(headers, HttpData.wrap(AnyBytes.rest(data)));
    }
}
