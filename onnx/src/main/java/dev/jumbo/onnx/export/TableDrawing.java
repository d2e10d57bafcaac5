package dev.jumbo.onnx.export;

import dev.jumbo.data.table.encode.CategoryFeature;
import dev.jumbo.data.table.encode.NumberFeature;
import dev.jumbo.data.table.encode.TableEncoding;
import dev.jumbo.onnx.format.ElementType;
import dev.jumbo.onnx.format.OnnxAttribute;
import dev.jumbo.onnx.graph.Drawing;
import dev.jumbo.onnx.layers.Functions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Rows of a table, a number for each column, as the network's inputs: what {@link TableEncoding} does to them, in double. Plain numbers
 * are scaled together, categories and numbers in pieces one by one, and all are brought into their order at the end.
 */
final class TableDrawing {
    private final TableEncoding table;
    private final Drawing to;
    private final List<String> blocks = new ArrayList<>();
    /** For each value of the blocks, the place that it has among the network's inputs. */
    private final List<Long> places = new ArrayList<>();

    TableDrawing(TableEncoding table, Drawing to) {
        this.table = table;
        this.to = to;
    }

    /** @param raw DOUBLE {@code [N, columns]} @return FLOAT {@code [N, width]} */
    String of(String raw) {
        List<Integer> plain = new ArrayList<>();
        long place = 0;
        List<Long> plainPlaces = new ArrayList<>();
        for (int column = 0; column < table.features().size(); column++) {
            var feature = table.features().get(column);
            if (feature instanceof NumberFeature number) {
                if (number.edges().isEmpty()) {
                    plain.add(column);
                    plainPlaces.add(place);
                } else {
                    add(
                            pieces(number, column(raw, column)),
                            place,
                            number.edges().size() - 1);
                }
                if (number.indicator()) {
                    String missing = to.node("IsNaN", column(raw, column));
                    add(Functions.cast(missing, ElementType.FLOAT, to), place + number.width() - 1, 1);
                }
            } else if (feature instanceof CategoryFeature category && category.width() > 0) {
                add(category(category, column(raw, column)), place, category.width());
            }
            place += feature.width();
        }
        if (!plain.isEmpty()) {
            blocks.add(numbers(raw, plain));
            places.addAll(plainPlaces);
        }
        String all = blocks.size() == 1 ? blocks.get(0) : Functions.concat(blocks, 1, to);
        long[] order = new long[places.size()];
        for (int at = 0; at < order.length; at++) {
            order[places.get(at).intValue()] = at;
        }
        return to.node("Gather", List.of(all, to.integers(order)), OnnxAttribute.of("axis", 1));
    }

    private void add(String block, long place, long width) {
        blocks.add(block);
        LongStream.range(place, place + width).forEach(places::add);
    }

    private String column(String raw, int column) {
        return to.once(raw + " column " + column, () -> Functions.slice(raw, 1, column, column + 1, to));
    }

    private String numbers(String raw, List<Integer> columns) {
        List<NumberFeature> features = columns.stream()
                .map(column -> (NumberFeature) table.features().get(column))
                .toList();
        String x = to.node(
                "Gather",
                List.of(raw, to.integers(columns.stream().mapToLong(c -> c).toArray())),
                OnnxAttribute.of("axis", 1));
        String value = filled(x, doubles("fill", features, NumberFeature::fill));
        if (features.stream().anyMatch(NumberFeature::log1p)) {
            String isLog = doubles("log1p", features, feature -> feature.log1p() ? 1 : 0);
            String chosen = to.node("Greater", isLog, number("none", 0));
            value = to.node("Where", chosen, log1p(value), value);
        }
        String moved = to.node("Sub", value, doubles("origin", features, NumberFeature::origin));
        String scaled = to.node("Mul", moved, doubles("scale", features, NumberFeature::scale));
        String shifted = to.node("Add", scaled, doubles("shift", features, NumberFeature::shift));
        return Functions.cast(shifted, ElementType.FLOAT, to);
    }

    private String filled(String x, String fill) {
        return to.node("Where", to.node("IsNaN", x), fill, x);
    }

    /** The t-th is the share of the t-th piece that lies below the value. */
    private String pieces(NumberFeature feature, String x) {
        int pieces = feature.edges().size() - 1;
        double[] low = new double[pieces];
        double[] width = new double[pieces];
        for (int t = 0; t < pieces; t++) {
            low[t] = feature.edges().get(t);
            width[t] = feature.edges().get(t + 1) - low[t];
        }
        String value = filled(x, number("fill", feature.fill()));
        String seen = feature.log1p() ? log1p(value) : value;
        String share = to.node(
                "Div", to.node("Sub", seen, to.doubles("low", low, pieces)), to.doubles("width", width, pieces));
        String limited = to.node("Clip", share, number("zero", 0), number("one", 1));
        return Functions.cast(limited, ElementType.FLOAT, to);
    }

    /** sign(x) log(1 + |x|), by {@code a log(u) / (u - 1)} with {@code u = 1 + a}, which keeps the digits of small a (Kahan). */
    private String log1p(String x) {
        String size = to.node("Abs", x);
        String more = to.node("Add", size, number("one", 1));
        String rest = to.node("Sub", more, number("one", 1));
        String exact = to.node("Div", to.node("Mul", size, to.node("Log", more)), rest);
        String log = to.node("Where", to.node("Equal", rest, number("zero", 0)), size, exact);
        return to.node("Mul", to.node("Sign", x), log);
    }

    /** A table of places: those of the categories, then that of others, then that of a missing value. */
    private String category(CategoryFeature feature, String x) {
        int known = feature.places().size();
        long[] table = new long[known + 2];
        for (int i = 0; i < known; i++) {
            table[i] = feature.places().get(i);
        }
        table[known] = feature.other();
        table[known + 1] = feature.missing();
        String inside = to.node(
                "And",
                to.node("Not", to.node("Less", x, number("zero", 0))),
                to.node("Less", x, number("known", known)));
        // A missing value is neither below nor above.
        String missing = to.node("IsNaN", x);
        String number = to.node("Where", inside, x, number("known", known));
        String at =
                Functions.cast(to.node("Where", missing, number("missing", known + 1), number), ElementType.INT64, to);
        String place = to.node("Gather", to.integers(table), at);
        String all = to.integers(LongStream.range(0, feature.width()).toArray());
        return Functions.cast(to.node("Equal", place, all), ElementType.FLOAT, to);
    }

    private String number(String name, double value) {
        return to.once("double " + value, () -> to.doubles(name, new double[] {value}));
    }

    private String doubles(
            String name, List<NumberFeature> features, java.util.function.ToDoubleFunction<NumberFeature> what) {
        return to.doubles(name, features.stream().mapToDouble(what).toArray(), features.size());
    }
}
