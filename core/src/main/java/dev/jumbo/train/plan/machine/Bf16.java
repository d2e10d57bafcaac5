package dev.jumbo.train.plan.machine;

import dev.jumbo.files.Durable;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Cost;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.basic.Dense;
import dev.jumbo.nn.layers.conv.Conv2d;
import dev.jumbo.nn.layers.conv.Padding;
import dev.jumbo.nn.layers.conv.Size2d;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How fast this processor trains in bf16, beside fp32: with instructions of its own about twice as fast, without them
 * many times slower. Measured once, in seconds, and kept in the directory of calibrations.
 */
public final class Bf16 {
    /** Less gain than this is noise, and not worth the lost digits. */
    private static final double WORTH = 1.1;

    /** Below this, measuring more of it is a waste of time. */
    private static final double HOPELESS = 0.5;

    private static final double SECONDS = 0.05;

    private static final Map<Path, Bf16> KNOWN = new ConcurrentHashMap<>();

    private static final Logger LOG = LoggerFactory.getLogger(Bf16.class);

    private final double speed;

    private Bf16(double speed) {
        this.speed = speed;
    }

    /** Of this machine, with the directory of calibrations that the environment names. */
    public static Bf16 here() {
        return of(System.getenv());
    }

    /** @param environment as in {@link CalibrationCache#of} */
    static Bf16 of(Map<String, String> environment) {
        CalibrationCache cache = CalibrationCache.of(environment, "any");
        return KNOWN.computeIfAbsent(cache.bf16File(), Bf16::find);
    }

    private static Bf16 find(Path file) {
        try {
            double kept = Double.parseDouble(Files.readString(file).strip());
            if (kept > 0 && kept < Double.POSITIVE_INFINITY) {
                return new Bf16(kept);
            }
        } catch (IOException | NumberFormatException e) {
            LOG.debug("the speed of bf16 is not known yet", e);
        }
        Bf16 measured = new Bf16(measure());
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            Durable.write(file, measured.speed + "\n");
        } catch (IOException e) {
            LOG.warn("the speed of bf16 cannot be kept and is measured again next time: {}", e.toString());
        }
        return measured;
    }

    /** Seconds of forward and backward passes in fp32 over those in bf16, of a dense layer and a convolution. */
    private static double measure() {
        double fp32 = 0;
        double bf16 = 0;
        try (Stopwatch stopwatch = new Stopwatch(SECONDS)) {
            for (CalibrationProbes.Probe probe : List.of(
                    probe(Dense.of(512, Activation.LINEAR), Shape.of(512), 256),
                    probe(
                            Conv2d.of(64, Size2d.of(3), Activation.LINEAR).withPadding(Padding.same()),
                            Shape.of(32, 14, 14),
                            32))) {
                fp32 += seconds(stopwatch.layer(probe, false));
                bf16 += seconds(stopwatch.layer(probe, true));
            }
        }
        return fp32 / bf16;
    }

    private static double seconds(Sample sample) {
        return sample.forward() + sample.backward();
    }

    private static CalibrationProbes.Probe probe(Layer layer, Shape input, int examples) {
        return new CalibrationProbes.Probe(
                layer,
                input,
                examples,
                false,
                Cost.of(layer, Specs.of(input), Compute.CPU).get(0));
    }

    /** Speed of bf16 where fp32 is 1. */
    public double speed() {
        return speed;
    }

    /** Whether training in bf16 is faster. */
    public boolean isFaster() {
        return speed >= WORTH;
    }

    /** Whether bf16 is so slow that nobody would train with it. */
    public boolean isHopeless() {
        return speed < HOPELESS;
    }

    /** For people: {@code bf16 (2.1 times as fast as fp32)}. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%s (bf16 has %.2f times the speed of fp32 here)", isFaster() ? "bf16" : "fp32", speed);
    }
}
