package dev.jumbo.nn.adapt;

import dev.jumbo.error.InputException;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.fuzz.Untrusted;
import dev.jumbo.nn.Layer;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import java.nio.file.Path;
import java.util.Objects;

/** {@code adapter_config.json} of a stranger, and what it makes of a model. */
class PeftConfigFuzzTest {
    private static final Untrusted UNTRUSTED =
            Untrusted.refusedBy(InputException.class).allocating(64 << 20, 16 << 10);
    private static final Layer MODEL = PeftAdapterTest.llama();
    private static final Specs IN = Specs.of(Spec.of(Shape.of(7), DType.INT64));

    @Fuzzed
    void config(byte[] bytes) {
        UNTRUSTED
                .parseFile(bytes, PeftConfig.FILE, file -> {
                    Path directory = Objects.requireNonNull(file.getParent());
                    PeftConfig.namesAll(directory);
                    return PeftConfig.read(directory);
                })
                .ifPresent(lora -> UNTRUSTED.parse(bytes, () -> lora.in(MODEL, IN)));
    }
}
