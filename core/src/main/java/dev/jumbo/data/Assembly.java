package dev.jumbo.data;

import dev.jumbo.data.boxes.PictureMap;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Makes a batch of examples: reads them, pads ragged fields, augments, prepares. Holds nothing of a batch; any thread may call. */
final class Assembly {
    private final Dataset dataset;
    private final List<Field> prepared;
    private final @Nullable Preprocessing preprocessing;
    private final List<Augmentation> augmentations;
    private final @Nullable RandomState seed;
    private final Padding padding;
    private final int inputs;
    private final List<Field> masks;

    /** How ragged fields are padded. @param target of ids that are targets: what the loss ignores @param multiple of lengths */
    record Padding(long target, int multiple) {
        /** No more than the field says: a table of positions ends there. */
        int steps(int longest, Field field) {
            long most = Math.max(longest, field.shape().size(0));
            return (int) Math.min(most, (longest + multiple - 1L) / multiple * multiple);
        }
    }

    /** Which examples: those from one place on in an order; with the rows of the whole batch, which decide how far is padded. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Rows(int[] order, int from, int rows, int wholeFrom, int wholeRows) {}

    /** @param prepared input fields behind preprocessing, as the network takes them @param seed of augmentation; null for none */
    Assembly(
            Dataset dataset,
            List<Field> prepared,
            @Nullable Preprocessing preprocessing,
            List<Augmentation> augmentations,
            @Nullable RandomState seed,
            Padding padding) {
        this.dataset = dataset;
        this.prepared = prepared;
        this.preprocessing = preprocessing;
        this.augmentations = augmentations;
        this.seed = seed;
        this.padding = padding;
        inputs = dataset.inputs().size();
        masks = Field.masks(dataset.inputs());
    }

    Batch batch(Rows rows, int epoch) {
        List<Column> columns = new ArrayList<>();
        List<Column> sides = new ArrayList<>();
        for (Field field : dataset.inputs()) {
            if (field.isRagged()) {
                sides.add(mask(masks.get(sides.size()), columns.size(), rows));
            }
            columns.add(column(field, columns.size(), rows));
        }
        for (Field field : dataset.targets()) {
            columns.add(column(field, columns.size(), rows));
        }
        for (int i = 0; i < rows.rows(); i++) {
            dataset.read(rows.order()[rows.from() + i], new Row(columns, i));
        }
        augment(columns, rows, epoch);
        prepare(columns, rows);
        return new Batch(
                List.copyOf(columns.subList(0, inputs)),
                List.copyOf(columns.subList(inputs, columns.size())),
                sides,
                weights(rows),
                rows.rows());
    }

    private double @Nullable [] weights(Rows rows) {
        if (!dataset.isWeighted()) {
            return null;
        }
        double[] weights = new double[rows.rows()];
        Arrays.setAll(weights, i -> dataset.weight(rows.order()[rows.from() + i]));
        return weights;
    }

    /** Of a ragged field, filled with its padding; the values of examples are written over it. */
    private Column column(Field field, int index, Rows rows) {
        if (!field.isRagged()) {
            return Column.of(field, rows.rows());
        }
        Column column = Column.of(field.padded(padding.steps(longest(index, rows), field)), rows.rows());
        long filler = index < inputs ? field.meaning().padding() : padding.target();
        if (filler != 0 && field.dtype() == DType.INT64) {
            Arrays.fill(column.longs(), filler);
        }
        return column;
    }

    private Column mask(Field field, int index, Rows rows) {
        int steps = padding.steps(longest(index, rows), field);
        boolean[] real = new boolean[Math.multiplyExact(steps, rows.rows())];
        for (int i = 0; i < rows.rows(); i++) {
            Arrays.fill(real, i * steps, i * steps + dataset.length(rows.order()[rows.from() + i], index), true);
        }
        return new Column.Bools(field.padded(steps), rows.rows(), real);
    }

    private int longest(int index, Rows rows) {
        int longest = 1;
        for (int i = 0; i < rows.wholeRows(); i++) {
            longest = Math.max(longest, dataset.length(rows.order()[rows.wholeFrom() + i], index));
        }
        return longest;
    }

    private void augment(List<Column> columns, Rows rows, int epoch) {
        if (augmentations.isEmpty() || seed == null) {
            return;
        }
        Column column = columns.get(0);
        List<Integer> boxes = IntStream.range(1, columns.size())
                .filter(i -> columns.get(i).field().meaning() instanceof Meaning.Boxes)
                .boxed()
                .toList();
        Shape shape = column.field().shape();
        int values = column.field().elements();
        RandomState random = seed.derive("augment").derive(epoch);
        for (int i = 0; i < column.rows(); i++) {
            SplittableRandom own = random.derive(rows.order()[rows.from() + i]).generator();
            for (Augmentation augmentation : augmentations) {
                if (boxes.isEmpty()) {
                    augmentation.apply(column.floats(), i * values, shape, own);
                } else {
                    PictureMap map = augmentation.follow(column.floats(), i * values, shape, own);
                    int row = i;
                    boxes.forEach(field -> follow(columns.get(field), field, map, rows, row));
                }
            }
        }
    }

    /** Boxes of one example, those of padding left out. */
    private void follow(Column boxes, int field, PictureMap map, Rows rows, int row) {
        Field given =
                field < inputs ? dataset.inputs().get(field) : dataset.targets().get(field - inputs);
        int held = given.isRagged()
                ? dataset.length(rows.order()[rows.from() + row], field) * given.unit()
                : given.elements();
        map.apply(boxes.floats(), row * boxes.field().elements(), held / PictureMap.VALUES);
    }

    private void prepare(List<Column> columns, Rows rows) {
        for (int i = 0; i < inputs && preprocessing != null; i++) {
            Preprocessing own = preprocessing.of(i);
            // Ids, such as tokens, go to the network as they are.
            if (own != null && columns.get(i).field().dtype() != DType.INT64) {
                columns.set(i, prepared(i, columns.get(i), own, rows));
            }
        }
        columns.replaceAll(Column::narrow); // float32 comes last
    }

    private Column prepared(int input, Column raw, Preprocessing by, Rows rows) {
        if (dataset.inputs().get(input).isRagged()) {
            return preparedSteps(input, raw, by, rows);
        }
        Field made = prepared.get(input);
        boolean samePlace = made.elements() == raw.field().elements();
        Column out = samePlace && made.equals(raw.field()) ? raw : Column.of(made, raw.rows());
        int from = raw.field().elements();
        int to = out.field().elements();
        double[] one = new double[raw.field().dtype() == DType.FLOAT64 ? from : 0];
        for (int i = 0; i < raw.rows(); i++) {
            apply(by, raw, i * from, one, out, i * to);
        }
        return out;
    }

    /** Step by step, those of examples alone: padding stays 0. */
    private Column preparedSteps(int input, Column raw, Preprocessing by, Rows rows) {
        int steps = Math.toIntExact(raw.field().shape().size(0));
        int step = raw.field().elements() / steps;
        Column out = Column.of(raw.field().narrow(), raw.rows());
        double[] one = new double[raw.field().dtype() == DType.FLOAT64 ? step : 0];
        for (int i = 0; i < raw.rows(); i++) {
            int length = dataset.length(rows.order()[rows.from() + i], input);
            for (int t = 0; t < length; t++) {
                int at = (i * steps + t) * step;
                apply(by, raw, at, one, out, at);
            }
        }
        return out;
    }

    private static void apply(Preprocessing by, Column raw, int from, double[] one, Column out, int to) {
        if (raw.field().dtype() == DType.FLOAT64) {
            System.arraycopy(raw.doubles(), from, one, 0, one.length);
            by.apply(one, 0, out.floats(), to);
        } else {
            by.apply(raw.floats(), from, out.floats(), to);
        }
    }
}
