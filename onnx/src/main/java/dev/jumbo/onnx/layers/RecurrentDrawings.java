package dev.jumbo.onnx.layers;

import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Masks;
import dev.jumbo.nn.layers.sequence.Gru;
import dev.jumbo.nn.layers.sequence.Lstm;
import dev.jumbo.onnx.format.ElementType;
import dev.jumbo.onnx.format.OnnxAttribute;
import dev.jumbo.onnx.graph.Drawing;
import dev.jumbo.onnx.graph.LayerDrawing;
import dev.jumbo.onnx.graph.LayerDrawings;
import dev.jumbo.onnx.graph.Value;
import dev.jumbo.onnx.graph.Values;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * LSTM and GRU by ONNX's operators, a node for each layer. Their gates lie in another order than PyTorch's: input, output, forget,
 * candidate, and update, reset, candidate. Of padded sequences the real steps are brought to the front first, as the layers do.
 */
public final class RecurrentDrawings implements LayerDrawings {
    /** Of PyTorch's i, f, g, o. */
    private static final int[] LSTM_ORDER = {0, 3, 1, 2};

    /** Of PyTorch's r, z, n. */
    private static final int[] GRU_ORDER = {1, 0, 2};

    @Override
    public Map<Class<? extends Layer>, LayerDrawing<?>> drawings() {
        return Map.of(
                Lstm.class,
                        LayerDrawing.<Lstm>single((layer, in, to) -> new Cells(
                                        "LSTM",
                                        LSTM_ORDER,
                                        layer.units(),
                                        layer.returnSequences(),
                                        layer.bidirectional(),
                                        layer.layers())
                                .draw(in, to)),
                Gru.class,
                        LayerDrawing.<Gru>single((layer, in, to) -> new Cells(
                                        "GRU",
                                        GRU_ORDER,
                                        layer.units(),
                                        layer.returnSequences(),
                                        layer.bidirectional(),
                                        layer.layers())
                                .draw(in, to)));
    }

    private record Cells(
            String operator, int[] order, long units, boolean returnSequences, boolean bidirectional, int layers) {
        long directions() {
            return bidirectional ? 2 : 1;
        }

        String draw(Values in, Drawing to) {
            Value x = in.main();
            @Nullable Value mask = in.get(Masks.MASK);
            @Nullable Real real = mask == null ? null : Real.of(mask.name(), to);
            String sequence = real == null ? x.name() : real.toFront(x.name(), to);
            sequence = Functions.transpose(sequence, to, 1, 0, 2);
            String last = "";
            long width = x.shape().size(1);
            for (int layer = 0; layer < layers; layer++) {
                List<String> made = run(layer, sequence, width, real == null ? "" : real.lengths(), to);
                // [T, directions, N, units] as the next one's [T, N, directions units].
                sequence = Functions.reshape(
                        Functions.transpose(made.get(0), to, 0, 2, 1, 3), to, 0, 0, directions() * units);
                last = made.get(1);
                width = directions() * units;
            }
            if (returnSequences) {
                String steps = Functions.transpose(sequence, to, 1, 0, 2);
                return real == null ? steps : real.toPlaces(steps, to);
            }
            String end = Functions.reshape(Functions.transpose(last, to, 1, 0, 2), to, 0, directions() * units);
            return real == null ? end : to.node("Mul", end, real.some());
        }

        private List<String> run(int layer, String x, long width, String lengths, Drawing to) {
            long rows = order.length * units;
            List<OnnxAttribute> attributes = new ArrayList<>(List.of(
                    OnnxAttribute.of("hidden_size", units),
                    OnnxAttribute.of("direction", bidirectional ? "bidirectional" : "forward")));
            if (operator.equals("GRU")) {
                attributes.add(OnnxAttribute.of("linear_before_reset", 1));
            }
            List<String> inputs = new ArrayList<>(List.of(
                    x,
                    joined("weight_ih", layer, Shape.of(directions(), rows, width), to),
                    joined("weight_hh", layer, Shape.of(directions(), rows, units), to),
                    biases(layer, Shape.of(directions(), 2 * rows), to)));
            if (!lengths.isEmpty()) {
                inputs.add(lengths);
            }
            return to.nodes(operator, inputs, 2, attributes.toArray(OnnxAttribute[]::new));
        }

        private List<String> names(String what, int layer) {
            String name = what + "_l" + layer;
            return bidirectional ? List.of(name, name + "_reverse") : List.of(name);
        }

        private String joined(String what, int layer, Shape shape, Drawing to) {
            return to.parameters(
                    what + "_l" + layer + "/gates",
                    names(what, layer),
                    shape,
                    all -> Tensor.cat(
                            all.stream().map(w -> inOrder(w).unsqueeze(0)).toList(), 0));
        }

        /** Of the input, then of the state, for each direction. */
        private String biases(int layer, Shape shape, Drawing to) {
            List<String> names = Stream.concat(names("bias_ih", layer).stream(), names("bias_hh", layer).stream())
                    .toList();
            int directions = (int) directions();
            return to.parameters("bias_l" + layer + "/gates", names, shape, all -> {
                List<Tensor> each = new ArrayList<>();
                for (int i = 0; i < directions; i++) {
                    each.add(Tensor.cat(List.of(inOrder(all.get(i)), inOrder(all.get(directions + i))), 0)
                            .unsqueeze(0));
                }
                return Tensor.cat(each, 0);
            });
        }

        private Tensor inOrder(Tensor gates) {
            return Tensor.cat(
                    Arrays.stream(order)
                            .mapToObj(gate -> gates.narrow(0, gate * units, units))
                            .toList(),
                    0);
        }
    }

    /**
     * Where real steps are.
     *
     * @param order for each example its real steps in order, then the others, {@code [N, T, 1]}
     * @param places the inverse
     * @param lengths number of real steps, at least 1, INT32 {@code [N]}
     * @param steps 1 at real steps, {@code [N, T, 1]}
     * @param some 1 where there is one, {@code [N, 1]}
     */
    private record Real(String order, String places, String lengths, String steps, String some) {
        static Real of(String mask, Drawing to) {
            String whole = Functions.cast(mask, ElementType.INT64, to);
            String length = to.once("length " + mask, () -> Functions.size(mask, 1, to));
            String counted = to.node("Range", to.integer(0), to.node("Squeeze", length, to.integers(0)), to.integer(1));
            // Real steps count from 0, the others behind all of them.
            String key = to.node("Add", to.node("Mul", to.node("Sub", to.integer(1), whole), length), counted);
            String order = sorted(key, length, to);
            String places = sorted(order, length, to);
            String count = Functions.reduce("ReduceSum", whole, false, to, 1);
            String some = to.node("Min", Functions.cast(count, ElementType.FLOAT, to), to.real(1));
            return new Real(
                    to.node("Unsqueeze", order, to.integers(2)),
                    to.node("Unsqueeze", places, to.integers(2)),
                    Functions.cast(to.node("Max", count, to.integer(1)), ElementType.INT32, to),
                    Padded.numbers(mask, 2, to),
                    to.node("Unsqueeze", some, to.integers(1)));
        }

        /** The places of values in ascending order. */
        private static String sorted(String key, String length, Drawing to) {
            return to.nodes(
                            "TopK",
                            List.of(key, length),
                            2,
                            OnnxAttribute.of("axis", 1),
                            OnnxAttribute.of("largest", 0),
                            OnnxAttribute.of("sorted", 1))
                    .get(1);
        }

        String toFront(String x, Drawing to) {
            return picked(x, order, to);
        }

        String toPlaces(String y, Drawing to) {
            return to.node("Mul", picked(y, places, to), steps);
        }

        private static String picked(String x, String index, Drawing to) {
            String all = to.node("Expand", index, to.node("Shape", x));
            return to.node("GatherElements", List.of(x, all), OnnxAttribute.of("axis", 1));
        }
    }
}
