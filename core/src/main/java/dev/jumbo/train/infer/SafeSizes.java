package dev.jumbo.train.infer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * The sizes of batches at which an engine gives every row the bits that it gives it alone. Kernels choose their order of additions by
 * the shapes that they see, so this is a property of network, engine, processor and size, and it is looked for, not assumed: seeded
 * examples are asked alone and in a batch of each size, and every one of them, at every place, has to have the same bits. A size that
 * was not looked at, because time was up, is not used.
 */
final class SafeSizes {
    /** In the order in which they are looked at: with powers of two any batch has few parts. */
    private static final int[] SIZES = {8, 2, 4, 16, 32, 64, 3, 5, 6, 7, 12, 24, 48, 10, 14, 20, 28, 40, 56};

    private static final int MOST = 64;
    private static final int SEEDS = 2;
    private static final int[] ALONE = {1};

    /** Time of the processor that may be spent, so that a busy machine finds what a quiet one does: when a model is loaded ... */
    private static final long NANOSECONDS = 300_000_000;

    /** ... and for a length that was not seen before, while a request waits. */
    private static final long NANOSECONDS_OF_A_LENGTH = 40_000_000;

    /** Combinations of lengths that are looked at; rows of further ones run alone. */
    private static final int MOST_LENGTHS = 4096;

    /** Of what lies beside a row while its own answer must stay as it is. */
    private static final float[] SCALES = {0, 1e-4f, 1e2f, 1e4f, 1e6f};

    private final SeededInputs made;
    private final boolean foreign;
    private final Map<List<Integer>, int[]> known = new ConcurrentHashMap<>();

    SafeSizes(SeededInputs made) {
        this(made, false);
    }

    /** @param foreign whether rows of the network could influence each other, which those of Jumbo's layers do not */
    SafeSizes(SeededInputs made, boolean foreign) {
        this.made = made;
        this.foreign = foreign;
    }

    /** @param steps of each ragged input; none where all sizes are fixed */
    int[] of(Engine engine, int[] steps) {
        List<Integer> key = Arrays.stream(steps).boxed().toList();
        int[] found = known.get(key);
        if (found != null) {
            return found;
        }
        if (known.size() >= MOST_LENGTHS) {
            return ALONE;
        }
        return known.computeIfAbsent(key, k -> {
            try {
                int[] safe = look(engine, steps, steps.length == 0 ? NANOSECONDS : NANOSECONDS_OF_A_LENGTH);
                return foreign && safe.length > 1 && isMixing(engine, steps, safe[1]) ? ALONE : safe;
            } catch (RuntimeException e) {
                return ALONE; // A network, or somebody's model, that does not take what is made from a seed.
            }
        });
    }

    private int[] look(Engine engine, int[] steps, long nanoseconds) {
        long end = Busy.nanoseconds() + nanoseconds;
        List<Probe> probes = new ArrayList<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            probes.add(new Probe(engine, made.rows(MOST, steps, 1000 + seed)));
        }
        List<Integer> safe = new ArrayList<>(List.of(1));
        for (int size : SIZES) {
            boolean same = true;
            for (int p = 0; same && p < SEEDS; p++) {
                if (Busy.nanoseconds() > end) {
                    return array(safe);
                }
                same = probes.get(p).isSame(size, p);
            }
            if (same) {
                safe.add(size);
            }
        }
        return array(safe);
    }

    /**
     * Whether a row's answer depends on the size of the values beside it, as by a maximum over the batch that matters above a threshold:
     * equal rows beside others, at one place of a batch of one size, for which kernels have no reason to differ.
     */
    private boolean isMixing(Engine engine, int[] steps, int size) {
        List<Object> rows = made.rows(size, steps, 2000);
        for (int place : new int[] {0, size - 1}) {
            List<float[]> usual = engine.run(rows, size);
            for (float scale : SCALES) {
                List<float[]> beside;
                try {
                    beside = engine.run(scaled(rows, size, place, scale), size);
                } catch (RuntimeException e) {
                    continue; // It does not take such values: no request has an answer with them.
                }
                if (!isSame(usual, beside, place, size)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** All rows but one by a factor; ids as they are. */
    private static List<Object> scaled(List<Object> inputs, int rows, int kept, float scale) {
        List<Object> all = new ArrayList<>(inputs.size());
        for (Object input : inputs) {
            if (!(input instanceof float[] values)) {
                all.add(input);
                continue;
            }
            float[] made = values.clone();
            int each = values.length / rows;
            for (int i = 0; i < made.length; i++) {
                made[i] *= i / each == kept ? 1 : scale;
            }
            all.add(made);
        }
        return all;
    }

    private static boolean isSame(List<float[]> usual, List<float[]> beside, int place, int rows) {
        for (int output = 0; output < usual.size(); output++) {
            int each = usual.get(output).length / rows;
            if (beside.get(output).length != usual.get(output).length) {
                return false;
            }
            for (int i = place * each; i < (place + 1) * each; i++) {
                if (Float.floatToRawIntBits(usual.get(output)[i]) != Float.floatToRawIntBits(beside.get(output)[i])) {
                    return false;
                }
            }
        }
        return true;
    }

    private static int[] array(List<Integer> sizes) {
        return sizes.stream().mapToInt(Integer::intValue).sorted().toArray();
    }

    /** Rows, with what they give alone as far as it was asked. */
    private static final class Probe {
        private final Engine engine;
        private final List<Object> inputs;
        private final List<List<float[]>> alone = new ArrayList<>();

        Probe(Engine engine, List<Object> inputs) {
            this.engine = engine;
            this.inputs = inputs;
        }

        /** @param first which of the rows begins the batch, as far as there are enough */
        boolean isSame(int size, int first) {
            int from = Math.min(first, MOST - size);
            while (alone.size() < from + size) {
                alone.add(engine.run(Rows.slice(inputs, MOST, alone.size(), 1), 1));
            }
            List<float[]> together = engine.run(Rows.slice(inputs, MOST, from, size), size);
            return IntStream.range(0, size).allMatch(i -> isSame(together, alone.get(from + i), i));
        }

        private static boolean isSame(List<float[]> together, List<float[]> alone, int place) {
            for (int output = 0; output < together.size(); output++) {
                float[] one = alone.get(output);
                float[] all = together.get(output);
                if (all.length < (place + 1) * one.length) {
                    return false;
                }
                for (int i = 0; i < one.length; i++) {
                    if (Float.floatToRawIntBits(one[i]) != Float.floatToRawIntBits(all[place * one.length + i])) {
                        return false;
                    }
                }
            }
            return true;
        }
    }
}
