package dev.jumbo.nn;

import dev.jumbo.config.Kind;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What a described model will need: for each layer its output, parameters, floating-point operations and memory.
 * Nothing is allocated to find out, whatever the model's size.
 *
 * <pre>{@code
 * System.out.println(Summary.of(cnn, Specs.of(Shape.of(1, 28, 28))));
 * }</pre>
 *
 * @param inputs one example of each input
 * @param rows the layers in the order in which they run, containers opened
 * @param blocks the same with blocks, such as a transformer's, as one row each: what is printed
 */
public record Summary(Specs inputs, List<Row> rows, List<Row> blocks) {
    /** Gradients, and Adam's two moments: three values beside each trainable one. */
    private static final int TRAINING_VALUES = 3;

    public Summary {
        rows = List.copyOf(rows);
        blocks = List.copyOf(blocks);
    }

    /**
     * A layer.
     *
     * @param path its name, {@code layers.0}; empty if the whole model is one layer
     * @param kind as files name it, {@code conv2d}
     * @param outputs the shape of one example of each output
     * @param parameters values that training changes
     * @param buffers values that are saved but not trained
     * @param flops floating-point operations of the forward pass for one example; a multiply-add counts as two
     */
    public record Row(String path, String kind, List<Shape> outputs, long parameters, long buffers, long flops) {
        /** Bytes of the outputs for one example, in fp32. */
        public long activationBytes() {
            return DType.FLOAT32.bytes()
                    * outputs.stream().mapToLong(Shape::elements).sum();
        }
    }

    /** @throws dev.jumbo.tensor.ShapeException if the layers do not fit each other or the inputs */
    public static Summary of(Layer layer, Specs inputs) {
        layer.outputs(inputs);
        List<Row> rows = new ArrayList<>();
        open("", layer, inputs, part -> true, rows);
        List<Row> blocks = new ArrayList<>();
        open("", layer, inputs, Layer::divides, blocks);
        return new Summary(inputs, rows, blocks);
    }

    /** @param opened of which containers the parts are listed, as far as there are any */
    private static void open(String path, Layer layer, Specs inputs, Predicate<Layer> opened, List<Row> rows) {
        List<Layer.Part> parts = layer.parts(inputs);
        if (parts.isEmpty() || !opened.test(layer)) {
            rows.add(row(path, layer, inputs));
            return;
        }
        for (Layer.Part part : parts) {
            open(path.isEmpty() ? part.path() : path + "." + part.path(), part.layer(), part.inputs(), opened, rows);
        }
    }

    private static Row row(String path, Layer layer, Specs inputs) {
        Parameters slots = Parameters.ofPart();
        layer.build(inputs, slots);
        long trainable = slots.count();
        long all = slots.all().stream().mapToLong(p -> p.shape().elements()).sum();
        return new Row(
                path, kind(layer), layer.outputs(inputs).shapes(), trainable, all - trainable, layer.flops(inputs));
    }

    static String kind(Layer layer) {
        Kind kind = layer.getClass().getAnnotation(Kind.class);
        return kind == null ? layer.getClass().getSimpleName() : kind.value();
    }

    /** Values that training changes. */
    public long parameters() {
        return rows.stream().mapToLong(Row::parameters).sum();
    }

    /** Values that are saved but not trained. */
    public long buffers() {
        return rows.stream().mapToLong(Row::buffers).sum();
    }

    /** Floating-point operations of the forward pass for one example. */
    public long flops() {
        return rows.stream().mapToLong(Row::flops).sum();
    }

    /** Bytes of all parameters and buffers in fp32. */
    public long weightBytes() {
        return DType.FLOAT32.bytes() * (parameters() + buffers());
    }

    /** Bytes that training adds once: gradients and Adam's two moments, in fp32. */
    public long trainingBytes() {
        return TRAINING_VALUES * DType.FLOAT32.bytes() * parameters();
    }

    /** Bytes that training adds for each example of a batch: the layers' outputs, in fp32, kept for the backward pass. */
    public long activationBytes() {
        return rows.stream().mapToLong(Row::activationBytes).sum();
    }

    /** Of a block: of the layers inside. */
    private long activationBytes(Row block) {
        return rows.stream()
                .filter(r -> r.path().equals(block.path())
                        || block.path().isEmpty()
                        || r.path().startsWith(block.path() + "."))
                .mapToLong(Row::activationBytes)
                .sum();
    }

    /** A table as Keras prints it: a line for each layer or block, then the totals. */
    @Override
    public String toString() {
        return text("Adam's state", parameters(), 2 * parameters());
    }

    /**
     * As {@link #toString}, with what training keeps by an optimizer, where that is not Adam.
     *
     * @param kept what it keeps, as in {@code sgd's state}
     * @param trained values that have a gradient: those that are not frozen
     * @param values that it keeps beside them; 0 for none
     */
    public String text(String kept, long trained, long values) {
        List<List<String>> cells = new ArrayList<>();
        cells.add(List.of("Layer", "Kind", "Output", "Parameters", "FLOPs", "Activations"));
        cells.add(List.of("(input)", "", shapes(inputs.shapes()), "", "", ""));
        blocks.forEach(r -> cells.add(List.of(
                r.path(),
                r.kind(),
                shapes(r.outputs()),
                number(r.parameters()),
                number(r.flops()),
                bytes(activationBytes(r)))));
        return Table.format(cells, 3)
                + System.lineSeparator()
                + String.join(System.lineSeparator(), totals(kept, trained, values))
                + System.lineSeparator();
    }

    private List<String> totals(String kept, long trained, long values) {
        return List.of(
                "Parameters:  " + number(parameters()) + " trained, " + number(buffers()) + " other",
                "FLOPs:       " + number(flops()) + " forward, for one example",
                "Memory:      " + bytes(weightBytes()) + " weights; in training also "
                        + bytes(DType.FLOAT32.bytes() * (trained + values))
                        + (values == 0 ? " gradients, " : " gradients and " + kept + ", ") + bytes(activationBytes())
                        + " activations for each example");
    }

    private static String shapes(List<Shape> shapes) {
        return shapes.stream().map(Shape::toString).collect(Collectors.joining(" "));
    }

    private static String number(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    /** In decimal units: 1 kB is 1,000 bytes. */
    private static String bytes(long n) {
        if (n < 1000) {
            return n + " B";
        }
        String[] units = {"kB", "MB", "GB", "TB", "PB", "EB"};
        double scaled = n / 1000.0;
        int unit = 0;
        while (scaled >= 1000 && unit < units.length - 1) {
            scaled /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", scaled, units[unit]);
    }
}
