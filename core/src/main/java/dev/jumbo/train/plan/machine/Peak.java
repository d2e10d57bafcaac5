package dev.jumbo.train.plan.machine;

import dev.jumbo.files.Durable;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this processor can do at most with the threads of this process: the rate of a large product of matrices in FLOP/s, a
 * multiplication and an addition counted as two. Measured once, in about half a second, and kept in the directory of
 * calibrations. The share of it that a training reaches is its model FLOPs utilization (Chowdhery et al., 2022, appendix B).
 */
public final class Peak {
    private static final int SIZE = 1536;
    private static final int REPEATS = 8;
    private static final Map<Path, Double> KNOWN = new ConcurrentHashMap<>();
    private static final Logger LOG = LoggerFactory.getLogger(Peak.class);

    private Peak() {}

    /** In FLOP/s, if it was measured before. @param bf16 in bf16 instead of fp32 */
    public static OptionalDouble known(boolean bf16) {
        return known(file(System.getenv(), bf16));
    }

    /** In FLOP/s; measured now if it was not before. @param bf16 in bf16 instead of fp32 */
    public static double here(boolean bf16) {
        return of(System.getenv(), bf16);
    }

    /** @param environment as in {@link CalibrationCache#of} */
    static double of(Map<String, String> environment, boolean bf16) {
        Path file = file(environment, bf16);
        OptionalDouble known = known(file);
        if (known.isPresent()) {
            return known.getAsDouble();
        }
        double measured = measure(bf16 ? DType.BFLOAT16 : DType.FLOAT32);
        KNOWN.put(file, measured);
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            Durable.write(file, measured + "\n");
        } catch (IOException e) {
            LOG.debug("the peak of this processor cannot be kept and is measured again next time", e);
        }
        return measured;
    }

    static Path file(Map<String, String> environment, boolean bf16) {
        return CalibrationCache.of(environment, "any").peakFile(bf16);
    }

    private static OptionalDouble known(Path file) {
        Double before = KNOWN.get(file);
        if (before != null) {
            return OptionalDouble.of(before);
        }
        try {
            double kept = Double.parseDouble(Files.readString(file).strip());
            if (kept > 0 && kept < Double.POSITIVE_INFINITY) {
                KNOWN.put(file, kept);
                return OptionalDouble.of(kept);
            }
        } catch (IOException | NumberFormatException e) {
            LOG.debug("the peak of this processor is not known yet", e);
        }
        return OptionalDouble.empty();
    }

    private static double measure(DType type) {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            Tensor a = Tensor.full(Shape.of(SIZE, SIZE), 0.5, type);
            Tensor b = Tensor.full(Shape.of(SIZE, SIZE), 0.25, type);
            double least = Double.POSITIVE_INFINITY;
            for (int i = 0; i < REPEATS; i++) {
                try (Scope inner = Scope.open()) {
                    long start = System.nanoTime();
                    Functional.linear(a, b, null);
                    least = Math.min(least, (System.nanoTime() - start) / 1e9);
                }
            }
            return 2.0 * SIZE * SIZE * SIZE / least;
        }
    }
}
