package dev.jumbo.train.infer;

import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Parts;
import dev.jumbo.nn.layers.basic.Embedding;
import dev.jumbo.tensor.DType;
import dev.jumbo.train.checkpoint.GoldenRows;
import dev.jumbo.train.checkpoint.ModelFile;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Inputs of a network made from a seed: normal numbers, as prepared values are about; ids within the vocabulary. Of a network that does not
 * take these, as one that looks numbers up as ids, they are rows that its checkpoint has.
 *
 * @param fields prepared inputs
 * @param ids the ids that every embedding of the model has: those of inputs that do not say how many they have
 * @param recorded rows to choose from; none for those made from the seed
 */
record SeededInputs(List<Field> fields, long ids, GoldenRows recorded) {
    SeededInputs(List<Field> fields, long ids) {
        this(fields, ids, GoldenRows.none());
    }

    /** Those that the plain model takes. */
    static SeededInputs fitting(ModelFile description, GoldenRows recorded, Engine plain) {
        SeededInputs made = of(description);
        try {
            plain.run(made.rows(1, made.lengths().get(0), 3), 1);
            return made;
        } catch (RuntimeException e) {
            boolean choosable =
                    !recorded.rows().isEmpty() && made.fields().stream().noneMatch(Field::isRagged);
            return choosable ? new SeededInputs(made.fields(), made.ids(), recorded) : made;
        }
    }

    static SeededInputs of(ModelFile description) {
        long least = Long.MAX_VALUE;
        List<Layer.Part> parts = new ArrayList<>(Parts.all(description.model(), description.specs()));
        parts.add(new Layer.Part("", description.model(), description.specs()));
        for (Layer.Part part : parts) {
            if (part.layer() instanceof Embedding embedding) {
                least = Math.min(least, embedding.inputDim());
            }
        }
        return new SeededInputs(description.inputs(), least == Long.MAX_VALUE ? 2 : least);
    }

    /**
     * As an {@link Engine} takes them.
     *
     * @param steps of each ragged input, in order
     */
    List<Object> rows(int rows, int[] steps, long seed) {
        if (!recorded.rows().isEmpty()) {
            return chosen(rows, (int) seed);
        }
        SplittableRandom random = new SplittableRandom(seed);
        List<Object> inputs = new ArrayList<>();
        int ragged = 0;
        for (Field field : fields) {
            int each = field.isRagged() ? steps[ragged++] * field.unit() : field.elements();
            int count = Math.multiplyExact(rows, each);
            if (field.dtype() == DType.INT64) {
                long known = field.meaning() instanceof Meaning.Tokens tokens && tokens.vocabulary() > 0
                        ? tokens.vocabulary()
                        : ids;
                inputs.add(random.longs(count, 0, known).toArray());
            } else {
                float[] values = new float[count];
                for (int i = 0; i < count; i++) {
                    values[i] = (float) random.nextGaussian();
                }
                inputs.add(values);
            }
        }
        return inputs;
    }

    private List<Object> chosen(int rows, int from) {
        List<Object> inputs = new ArrayList<>();
        for (int input = 0; input < fields.size(); input++) {
            boolean ids = fields.get(input).dtype() == DType.INT64;
            Object[] each = ids ? new long[rows][] : new float[rows][];
            int[] all = new int[rows];
            for (int row = 0; row < rows; row++) {
                each[row] = recorded.rows()
                        .get((from + row) % recorded.rows().size())
                        .get(input);
                all[row] = row;
            }
            inputs.add(Rows.gather(each, rows, all));
        }
        return inputs;
    }

    /** Lengths to try for the ragged inputs: one step, a few, the longest; a single empty one where there are none. */
    List<int[]> lengths() {
        List<Integer> longest = fields.stream()
                .filter(Field::isRagged)
                .map(field -> Math.toIntExact(field.shape().size(0)))
                .toList();
        if (longest.isEmpty()) {
            return List.of(new int[0]);
        }
        List<int[]> lengths = new ArrayList<>();
        for (double share : new double[] {0, 0.3, 1}) {
            lengths.add(longest.stream()
                    .mapToInt(most -> Math.max(1, (int) Math.round(share * Math.min(most, 128))))
                    .toArray());
        }
        return lengths;
    }
}
