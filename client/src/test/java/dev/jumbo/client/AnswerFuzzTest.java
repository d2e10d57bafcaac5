package dev.jumbo.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.fuzz.Untrusted;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** What a server, or somebody in its place, answers: tensors, or an error of this client's own. */
class AnswerFuzzTest {
    private static final Untrusted SERVER = Untrusted.refusedBy(ServerException.class);

    /** The first line is the length of the JSON; where it is no such number, all is JSON. */
    @Fuzzed
    void answer(byte[] data) {
        int line = 0;
        while (line < data.length && data[line] != '\n') {
            line++;
        }
        byte[] body = Arrays.copyOfRange(data, Math.min(data.length, line + 1), data.length);
        String length = new String(data, 0, line, StandardCharsets.ISO_8859_1);
        int json = length.matches("\\d{1,9}") ? Math.min(body.length, Integer.parseInt(length)) : body.length;
        SERVER.parse(data, () -> AnswerReader.read(body, json))
                .ifPresent(tensors -> tensors.values().forEach(AnswerFuzzTest::requireTheSameAgain));
    }

    /** Bytes of a tensor of each type, in a shape of one dimension. */
    @Fuzzed
    void tensor(byte[] data) {
        for (String type : List.of("FP32", "INT64", "UINT8", "BYTES")) {
            for (long size : new long[] {data.length, data.length / 4, data.length / 8, 1}) {
                SERVER.parse(data, () -> {
                            try {
                                return NamedTensor.decoded("t", type, new long[] {size}, data);
                            } catch (IllegalArgumentException e) {
                                throw new ServerException(
                                        String.valueOf(e.getMessage()), e); // as where answers are read
                            }
                        })
                        .ifPresent(tensor -> {
                            requireTheSameAgain(tensor);
                            assertThat(tensor.encoded()).isEqualTo(data);
                        });
            }
        }
    }

    /** The text of an error. */
    @Fuzzed
    void error(byte[] data) {
        assertThat(SERVER.parse(data, () -> InferCall.error(data))).isPresent();
    }

    private static void requireTheSameAgain(NamedTensor tensor) {
        byte[] bytes = tensor.encoded();
        NamedTensor again = NamedTensor.decoded(tensor.name(), tensor.datatype(), tensor.shape(), bytes);
        assertThat(again.encoded()).isEqualTo(bytes);
    }
}
