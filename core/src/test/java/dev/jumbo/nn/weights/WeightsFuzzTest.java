package dev.jumbo.nn.weights;

import dev.jumbo.config.Records;
import dev.jumbo.config.YamlFile;
import dev.jumbo.error.InputException;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.fuzz.Untrusted;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Weights of other programs: which files have them, and how their names are mapped. */
class WeightsFuzzTest {
    private static final Untrusted UNTRUSTED =
            Untrusted.refusedBy(InputException.class).allocating(64 << 20, 16 << 10);
    private static final Records RECORDS = Records.of().with(NameRule.class, NameRule.kinds());

    /** What a file of mapping rules holds. */
    record Rules(List<NameRule> rules) {}

    @Fuzzed
    void index(byte[] bytes) {
        UNTRUSTED.parseFile(bytes, "model.safetensors.index.json", WeightFiles::open);
    }

    @Fuzzed
    void rules(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        UNTRUSTED
                .parse(bytes, () -> RECORDS.read(Rules.class, YamlFile.parse("a.yaml", text)))
                .ifPresent(rules -> UNTRUSTED.parse(bytes, () -> new NameMap(rules.rules()).apply(source())));
    }

    private static TensorSource source() {
        Map<String, TensorSource.Stored> tensors = new LinkedHashMap<>();
        for (String name : List.of("h.0.w", "h.0.b", "h.1.w", "h.1.b", "head")) {
            tensors.put(name, new TensorSource.Stored(DType.FLOAT32, Shape.of(4, 6), WeightsFuzzTest::unread));
        }
        return new NamedTensors("a", List.of(), tensors);
    }

    private static Tensor unread() {
        throw new AssertionError("expected that mapping reads no values");
    }
}
