package dev.jumbo.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.data.Column;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.table.Numbers;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A raw input of numbers that stands beside texts or files, from rows by name: a number, or a list of them. */
final class RawNumbers {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private RawNumbers() {}

    /** @throws InputException if the field has more than one dimension, or a row has other values, naming it */
    static Column column(Field field, List<? extends Map<String, ? extends @Nullable Object>> rows) {
        boolean numbers = field.dtype().isFloating() || field.dtype() == DType.INT64;
        if (field.isRagged() || field.shape().rank() > 1 || !numbers) {
            throw new InputException("expected a model of texts, files, numbers and lists of numbers for rows by name,"
                    + " this one takes " + field + ": send an infer request, or predict by predictRaw in Java");
        }
        Column column = Column.of(field, rows.size());
        int each = field.elements();
        for (int row = 0; row < rows.size(); row++) {
            double[] values = values(rows.get(row).get(field.name()));
            boolean fits = values.length == each;
            for (int i = 0; i < each && fits; i++) {
                int at = row * each + i;
                if (field.dtype() == DType.INT64) {
                    column.longs()[at] = (long) values[i];
                    fits = values[i] == column.longs()[at];
                } else if (field.dtype() == DType.FLOAT64) {
                    column.doubles()[at] = values[i];
                    fits = Double.isFinite((float) values[i]);
                } else {
                    column.floats()[at] = (float) values[i];
                    fits = Float.isFinite(column.floats()[at]);
                }
            }
            if (!fits) {
                throw refused(field, rows.get(row), rows.size() == 1 ? "" : "row " + row + ": ");
            }
        }
        return column;
    }

    /**
     * Numbers by the names that a field has for them, row by row. What is no number, or none of float32, is refused as where a stream reads it for
     * training.
     */
    static double[] named(Field field, List<? extends Map<String, ? extends @Nullable Object>> rows) {
        List<String> names = ((Meaning.Columns) field.meaning()).names();
        double[] values = new double[Math.multiplyExact(names.size(), rows.size())];
        for (int row = 0; row < rows.size(); row++) {
            for (int i = 0; i < names.size(); i++) {
                String name = names.get(i);
                Object given = rows.get(row).get(name);
                double number = given instanceof Number some ? some.doubleValue() : Double.NaN;
                if (!Float.isFinite((float) number)) {
                    throw new InputException((rows.size() == 1 ? "" : "row " + row + ": ")
                            + "expected a finite number in " + name + ", up to 3.4e38, received "
                            + received(given, name, rows.get(row), names));
                }
                values[row * names.size() + i] = number;
            }
        }
        return values;
    }

    private static String received(
            @Nullable Object given, String name, Map<String, ? extends @Nullable Object> row, List<String> names) {
        if (given != null) {
            return given instanceof String ? "the text \"" + given + "\"" : given.toString();
        }
        if (row.containsKey(name)) {
            return "no value, and training had none that was missing";
        }
        List<String> others = new ArrayList<>(row.keySet());
        others.removeAll(names);
        return others.isEmpty() && !row.isEmpty()
                ? "none under this name; there are " + Nearest.first(row.keySet())
                : RawInputs.absent(name, others);
    }

    private static InputException refused(Field field, Map<String, ? extends @Nullable Object> row, String place) {
        Object given = row.get(field.name());
        String kind = field.dtype() == DType.INT64 ? "whole number" : "number";
        String received = given != null
                ? "\"" + given + "\""
                : row.containsKey(field.name()) ? "no value" : RawInputs.absent(field.name(), row.keySet());
        return new InputException(place + "expected "
                + (field.shape().rank() == 0 ? "a " + kind : "a list of " + field.elements() + " " + kind + "s")
                + " as \"" + field.name() + "\", received " + received);
    }

    /** None where there are none. */
    private static double[] values(@Nullable Object given) {
        if (given instanceof Number number) {
            return new double[] {number.doubleValue()};
        }
        String text = given == null ? "" : given.toString().strip();
        if (!text.startsWith("[")) {
            double number = Numbers.parse(text);
            return Double.isNaN(number) ? new double[0] : new double[] {number};
        }
        try {
            JsonNode list = JSON.readTree(text);
            double[] values = new double[list.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = list.get(i).isNumber() ? list.get(i).doubleValue() : Double.NaN;
            }
            return values;
        } catch (JsonProcessingException e) {
            return new double[0];
        }
    }
}
