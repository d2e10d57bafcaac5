package dev.jumbo.train;

import dev.jumbo.data.Column;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Raw inputs of a model, from what callers have. */
final class RawInputs {
    private RawInputs() {}

    /** @throws InputException if columns are not those of the model */
    static void require(List<Field> fields, List<Column> raw) {
        boolean fits = raw.size() == fields.size() && !raw.isEmpty();
        for (int i = 0; fits && i < raw.size(); i++) {
            Field given = raw.get(i).field();
            fits = given.dtype() == fields.get(i).dtype() && fields.get(i).allows(given);
        }
        if (!fits) {
            throw new InputException("expected the raw inputs " + fields + ", received "
                    + raw.stream().map(Column::field).toList());
        }
        if (raw.get(0).rows() < 1) {
            throw new InputException("expected one row or more to predict, received none");
        }
    }

    /** @throws InputException if a row lacks an input, or its value is none of it, naming the row where there are several */
    static List<Column> columns(List<Field> fields, List<? extends Map<String, ? extends @Nullable Object>> rows) {
        List<Column> columns = new ArrayList<>();
        for (Field field : fields) {
            if (!field.isBytes()) {
                throw new InputException(
                        "expected a model of texts or files alone for rows by name, this one takes " + fields);
            }
            byte[][] values = new byte[rows.size()][];
            for (int row = 0; row < values.length; row++) {
                String place = values.length == 1 ? "" : "row " + row + ": ";
                values[row] = value(field, rows.get(row), place);
            }
            columns.add(new Column.Bytes(field, values));
        }
        return columns;
    }

    private static byte[] value(Field field, Map<String, ? extends @Nullable Object> row, String place) {
        Object given = row.get(field.name());
        boolean text = field.meaning() instanceof Meaning.Text;
        if (given == null) {
            throw new InputException(place + "expected " + (text ? "a text" : "a file") + " as \"" + field.name()
                    + "\", received "
                    + (row.containsKey(field.name())
                            ? "no value"
                            : "none under this name; there are " + Nearest.first(List.copyOf(row.keySet()))));
        }
        if (given instanceof byte[] bytes) {
            return bytes;
        }
        if (text) {
            return given.toString().getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Base64.getDecoder().decode(given.toString());
        } catch (IllegalArgumentException e) {
            throw new InputException(
                    place + "expected the content of a file in base64 as \"" + field.name()
                            + "\", received another text: " + e.getMessage(),
                    e);
        }
    }
}
