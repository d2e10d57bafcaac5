package dev.jumbo.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.fuzz.Untrusted;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Files of a checkpoint of a stranger. */
class CheckpointFuzzTest {
    private static final Untrusted UNTRUSTED =
            Untrusted.refusedBy(InputException.class).allocating(64 << 20, 16 << 10);
    private static final List<Field> INPUTS = List.of(
            new Field("x", Shape.of(2), DType.FLOAT32, List.of()),
            new Field("id", Shape.of(1), DType.INT64, List.of()));

    @Fuzzed
    void manifest(byte[] bytes) {
        json(Manifest.class, bytes);
    }

    @Fuzzed
    void trainer(byte[] bytes) {
        json(TrainerFile.class, bytes);
    }

    /** What layers make of their inputs is told before anything is built. */
    @Fuzzed
    void model(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        UNTRUSTED
                .parse(bytes, () -> CheckpointJson.parse(ModelFile.class, "model.json", text))
                .ifPresent(file -> UNTRUSTED.parse(bytes, file::outputs));
    }

    /** Which values a worker's file holds, as its metadata says. */
    @Fuzzed
    void share(byte[] bytes) {
        String ranges = new String(bytes, StandardCharsets.UTF_8);
        Map<String, String> texts =
                Map.of("values", ranges, "values_total", "100", "buffers", ranges, "buffers_total", "100");
        UNTRUSTED.parse(bytes, () -> Share.ofMetadata(texts)).ifPresent(share -> {
            assertThat(Share.ofMetadata(share.metadata())).isEqualTo(share);
            UNTRUSTED.parse(bytes, () -> {
                Share.requireCover(Map.of("a", share.values(), "b", share.buffers()), "values");
                return share;
            });
        });
    }

    @Fuzzed
    void golden(byte[] bytes) {
        UNTRUSTED
                .parseFile(bytes, GoldenRows.FILE, file -> GoldenRows.read(file, INPUTS))
                .ifPresent(golden -> assertThat(golden.rows()).hasSizeLessThanOrEqualTo(GoldenRows.MOST));
    }

    private static <T> void json(Class<T> type, byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        UNTRUSTED
                .parse(bytes, () -> CheckpointJson.parse(type, "a.json", text))
                .ifPresent(read -> assertThat(CheckpointJson.parse(type, "a.json", CheckpointJson.text(type, read)))
                        .isEqualTo(read));
    }
}
