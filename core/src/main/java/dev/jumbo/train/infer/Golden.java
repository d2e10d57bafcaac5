package dev.jumbo.train.infer;

import dev.jumbo.train.checkpoint.GoldenRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Inputs with what the plain model makes of them: what every engine has to agree with before it answers.
 *
 * @param samples one or more
 */
public record Golden(List<Sample> samples) {
    /** How far an answer may be from the plain model's: this much, and this share of the output's largest value in its row. */
    public static final double TOLERANCE = 1e-5;

    private static final int ROWS = 4;

    /**
     * Some rows of prepared inputs.
     *
     * @param inputs as an {@link Engine} takes them
     * @param expected for each output row-major values
     */
    public record Sample(List<Object> inputs, int rows, List<float[]> expected) {
        public Sample {
            inputs = List.copyOf(inputs);
            expected = List.copyOf(expected);
        }
    }

    public Golden {
        samples = List.copyOf(samples);
    }

    /** Rows that the checkpoint has, each by itself, and where they fit, those made from a seed too: both are what may arrive. */
    static Golden of(GoldenRows recorded, SeededInputs made, Engine plain) {
        List<Sample> samples = new ArrayList<>();
        for (List<Object> row : recorded.rows()) {
            samples.add(new Sample(row, 1, plain.run(row, 1)));
        }
        try {
            samples.addAll(made(made, plain).samples());
        } catch (RuntimeException e) {
            // What is made from a seed need not be what a layer takes, as ids that came as numbers.
            if (samples.isEmpty()) {
                throw e;
            }
        }
        return new Golden(samples);
    }

    /** Made from a seed, to fit the inputs. */
    static Golden made(SeededInputs made, Engine plain) {
        List<Sample> samples = new ArrayList<>();
        for (int[] steps : made.lengths()) {
            List<Object> inputs = made.rows(ROWS, steps, 7);
            samples.add(new Sample(inputs, ROWS, plain.run(inputs, ROWS)));
        }
        return new Golden(samples);
    }

    /** Whether every expected value is a finite number. */
    public boolean isFinite() {
        for (Sample sample : samples) {
            for (float[] output : sample.expected()) {
                for (float value : output) {
                    if (!Float.isFinite(value)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    /** Where an engine says something else, in words; empty where it agrees. What it throws is a disagreement too. */
    public Optional<String> disagreement(Engine engine) {
        for (Sample sample : samples) {
            List<float[]> received;
            try {
                received = engine.run(sample.inputs(), sample.rows());
            } catch (RuntimeException e) {
                return Optional.of("it fails on a golden input: " + e.getMessage());
            }
            Optional<String> found = disagreement(sample, received);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> disagreement(Sample sample, List<float[]> received) {
        if (received.size() != sample.expected().size()) {
            return Optional.of("expected " + sample.expected().size() + " outputs, received " + received.size());
        }
        for (int output = 0; output < received.size(); output++) {
            float[] expected = sample.expected().get(output);
            float[] given = received.get(output);
            if (given.length != expected.length) {
                return Optional.of(
                        "output " + output + ": expected " + expected.length + " values, received " + given.length);
            }
            int each = expected.length / sample.rows();
            for (int row = 0; row < sample.rows(); row++) {
                double largest = 0;
                for (int i = row * each; i < (row + 1) * each; i++) {
                    largest = Math.max(largest, Math.abs(expected[i]));
                }
                double most = TOLERANCE * (1 + largest);
                for (int i = row * each; i < (row + 1) * each; i++) {
                    // Not (a > b): a number that is none is no agreement.
                    if (!(Math.abs(given[i] - expected[i]) <= most)) {
                        return Optional.of("output " + output + ", row " + row + ": expected " + expected[i]
                                + " as the plain model says, received " + given[i] + " at " + (i - row * each));
                    }
                }
            }
        }
        return Optional.empty();
    }
}
