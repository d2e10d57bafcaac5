package dev.jumbo.train.plan.cost;

import dev.jumbo.error.InputException;
import dev.jumbo.train.plan.machine.Sample;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * How long an operation of any size takes, from {@link Sample}s of some sizes: {@code overhead + work / rate}, where the
 * overhead is the time of the kind's smallest sample, and the rate lies between those of the samples that are near.
 */
final class Rates {
    /** How much faster near samples count than far ones; as in Shepard (1968), with distances between logarithms. */
    private static final double POWER = 4;

    private final Map<String, List<Sample>> byKind;

    Rates(List<Sample> samples, boolean bf16) {
        byKind = samples.stream()
                .filter(s -> s.bf16() == bf16)
                .sorted(Comparator.comparingDouble(Sample::work))
                .collect(Collectors.groupingBy(Sample::kind, TreeMap::new, Collectors.toList()));
    }

    /** @param time which of the sample's times. @throws InputException if the kind was not measured */
    double seconds(String kind, double rows, double inner, double outer, double work, ToDoubleFunction<Sample> time) {
        List<Sample> samples = byKind.getOrDefault(kind, List.of());
        if (samples.isEmpty()) {
            throw new InputException("the calibration has no figures for " + kind
                    + ": it was made by another version; run jumbo plan --calibrate");
        }
        double overhead = time.applyAsDouble(samples.get(0));
        double smallest = samples.get(0).work();
        if (work <= smallest || samples.size() == 1) {
            return overhead;
        }
        return overhead + (work - smallest) * secondsOfUnit(samples, rows, inner, outer, time);
    }

    private static double secondsOfUnit(
            List<Sample> samples, double rows, double inner, double outer, ToDoubleFunction<Sample> time) {
        double overhead = time.applyAsDouble(samples.get(0));
        double smallest = samples.get(0).work();
        double weights = 0;
        double sum = 0;
        for (Sample s : samples.subList(1, samples.size())) {
            double unit = Math.max((time.applyAsDouble(s) - overhead) / (s.work() - smallest), Double.MIN_NORMAL);
            double squared = squared(rows / s.rows()) + squared(inner / s.inner()) + squared(outer / s.outer());
            double weight = Math.pow(squared + 1e-6, -POWER / 2);
            weights += weight;
            sum += weight * Math.log(unit);
        }
        return Math.exp(sum / weights);
    }

    private static double squared(double ratio) {
        double log = Math.log(ratio);
        return log * log;
    }
}
