package dev.jumbo.train.infer;

import dev.jumbo.data.Field;
import dev.jumbo.train.answer.RowOutputs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Rows through an {@link Engine} so that each gets exactly the bits that it gets alone, whatever it is asked together with: rows of
 * ragged inputs meet only those of the same lengths, so nobody sees another's padding, and a batch is divided into parts of {@link
 * SafeSizes sizes} at which the engine was found to compute every row as it does alone.
 */
public final class SteadyEngine implements Engine {
    private final Engine engine;
    private final List<Field> inputs;
    private final SafeSizes sizes;

    SteadyEngine(Engine engine, List<Field> inputs, SafeSizes sizes) {
        this.engine = engine;
        this.inputs = inputs;
        this.sizes = sizes;
    }

    /** Of an engine that is no checkpoint's: ids of inputs that do not say how many there are, are taken to be two or more. */
    public static SteadyEngine of(Engine engine, List<Field> inputs) {
        return new SteadyEngine(engine, inputs, new SafeSizes(new SeededInputs(inputs, 2), true));
    }

    @Override
    public String name() {
        return engine.name();
    }

    @Override
    public long residentBytes() {
        return engine.residentBytes();
    }

    /** The sizes of batches that run in one part, ascending, 1 among them, for inputs of fixed sizes or of so many steps. */
    public int[] safeSizes(int... steps) {
        return sizes.of(engine, steps);
    }

    /**
     * As {@link Engine#run}, also of rows of different lengths.
     *
     * @param given of a ragged input also {@code float[][]} or {@code long[][]}, an array for each row. Where an output has a value for
     *     each step, that of a shorter row is filled up with zeros
     */
    @Override
    public List<float[]> run(List<?> given, int rows) {
        return rows(given, rows).values();
    }

    /** As {@link #run}, with the number of values that each row has of its own. */
    public RowOutputs rows(List<?> given, int rows) {
        if (given.stream().noneMatch(SteadyEngine::isRows)) {
            return RowOutputs.of(divided(given, rows, steps(given, rows)), rows);
        }
        Map<List<Integer>, List<Integer>> groups = new LinkedHashMap<>();
        for (int row = 0; row < rows; row++) {
            groups.computeIfAbsent(lengths(given, row), key -> new ArrayList<>())
                    .add(row);
        }
        List<int[]> members = new ArrayList<>();
        List<List<float[]>> answers = new ArrayList<>();
        for (List<Integer> group : groups.values()) {
            int[] of = group.stream().mapToInt(Integer::intValue).toArray();
            List<Object> uniform = new ArrayList<>();
            given.forEach(input -> uniform.add(Rows.gather(input, rows, of)));
            members.add(of);
            answers.add(divided(uniform, of.length, steps(uniform, of.length)));
        }
        return groups.size() == 1 ? RowOutputs.of(answers.get(0), rows) : joined(members, answers, rows);
    }

    private static boolean isRows(Object input) {
        return input instanceof float[][] || input instanceof long[][];
    }

    private static List<Integer> lengths(List<?> given, int row) {
        List<Integer> lengths = new ArrayList<>(given.size());
        for (Object input : given) {
            lengths.add(
                    input instanceof float[][] each
                            ? each[row].length
                            : input instanceof long[][] each ? each[row].length : 0);
        }
        return lengths;
    }

    /** Steps of each ragged input. */
    private int[] steps(List<?> uniform, int rows) {
        return IntStream.range(0, inputs.size())
                .filter(i -> inputs.get(i).isRagged())
                .map(i -> Rows.length(uniform.get(i)) / rows / inputs.get(i).unit())
                .toArray();
    }

    private List<float[]> divided(List<?> uniform, int rows, int[] steps) {
        if (rows == 1) {
            return engine.run(uniform, 1);
        }
        int[] safe = sizes.of(engine, steps);
        List<float[]> all = new ArrayList<>();
        int from = 0;
        while (from < rows) {
            int part = largest(safe, rows - from);
            if (part == rows) {
                return engine.run(uniform, rows);
            }
            List<float[]> made = engine.run(Rows.slice(uniform, rows, from, part), part);
            for (int output = 0; output < made.size(); output++) {
                float[] values = made.get(output);
                int each = values.length / part;
                if (from == 0) {
                    all.add(new float[Math.multiplyExact(each, rows)]);
                }
                System.arraycopy(values, 0, all.get(output), from * each, values.length);
            }
            from += part;
        }
        return all;
    }

    private static int largest(int[] safe, int most) {
        int found = Arrays.binarySearch(safe, most);
        return safe[found >= 0 ? found : -found - 2];
    }

    /** Answers of groups of rows in the order of the rows, each as long as the longest. */
    private static RowOutputs joined(List<int[]> members, List<List<float[]>> answers, int rows) {
        List<float[]> all = new ArrayList<>();
        List<int[]> counts = new ArrayList<>();
        boolean even = true;
        for (int output = 0; output < answers.get(0).size(); output++) {
            int[] own = new int[rows];
            for (int g = 0; g < members.size(); g++) {
                for (int row : members.get(g)) {
                    own[row] = answers.get(g).get(output).length / members.get(g).length;
                }
            }
            int longest = Arrays.stream(own).max().orElse(0);
            float[] values = new float[Math.multiplyExact(longest, rows)];
            for (int g = 0; g < members.size(); g++) {
                int[] of = members.get(g);
                for (int i = 0; i < of.length; i++) {
                    int each = own[of[i]];
                    even &= each == longest;
                    System.arraycopy(answers.get(g).get(output), i * each, values, of[i] * longest, each);
                }
            }
            all.add(values);
            counts.add(own);
        }
        return new RowOutputs(all, rows, even ? null : counts);
    }

    @Override
    public void close() {
        engine.close();
    }
}
