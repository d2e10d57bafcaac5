package dev.jumbo.train;

import dev.jumbo.data.Column;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.Transform;
import dev.jumbo.data.table.encode.RowReader;
import dev.jumbo.data.table.encode.TableLayout;
import dev.jumbo.data.transform.RowNumbers;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
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

    /**
     * @param transforms of the model: those of numbers read their columns as training's table has them
     * @throws InputException if a row lacks an input, or its value is none of it, naming the row where there are several
     */
    static List<Column> columns(
            List<Field> fields,
            Map<String, Transform> transforms,
            List<? extends Map<String, ? extends @Nullable Object>> rows) {
        Map<String, Column> read = new HashMap<>();
        transforms.forEach((name, transform) -> {
            RowReader reader = transform instanceof RowNumbers numbers ? numbers.reader(name) : null;
            if (reader != null) {
                read.putAll(numbers(reader, fields, rows));
            }
        });
        List<Column> columns = new ArrayList<>();
        for (Field field : fields) {
            Column given = read.get(field.name());
            if (given != null) {
                columns.add(given);
            } else if (field.isBytes()) {
                byte[][] values = new byte[rows.size()][];
                for (int row = 0; row < values.length; row++) {
                    values[row] = value(field, rows.get(row), place(rows, row));
                }
                columns.add(new Column.Bytes(field, values));
            } else {
                columns.add(RawNumbers.column(field, rows));
            }
        }
        return columns;
    }

    private static String place(List<?> rows, int row) {
        return rows.size() == 1 ? "" : "row " + row + ": ";
    }

    /** Columns of numbers, cleaned as training's were. */
    private static Map<String, Column> numbers(
            RowReader reader, List<Field> fields, List<? extends Map<String, ? extends @Nullable Object>> rows) {
        List<Map<String, @Nullable Object>> cells = new ArrayList<>();
        for (Map<String, ? extends @Nullable Object> row : rows) {
            Map<String, @Nullable Object> own = new LinkedHashMap<>(row);
            own.values().removeIf(byte[].class::isInstance); // what a file holds is no cell
            cells.add(own);
        }
        RowReader.Read read = reader.read(cells);
        read.requireAll(row -> rows.size() == 1 ? "" : "row " + row);
        List<TableLayout.Input> inputs = reader.encoding().layout().inputs();
        Map<String, Column> columns = new HashMap<>();
        for (Field field : fields) {
            for (int c = 0; c < inputs.size(); c++) {
                if (inputs.get(c).name().equals(field.name())) {
                    Column column = Column.of(field, rows.size());
                    for (int row = 0; row < rows.size(); row++) {
                        column.doubles()[row] = read.values()[row * inputs.size() + c];
                    }
                    columns.put(field.name(), column);
                }
            }
        }
        return columns;
    }

    /** What was received where a name is not among those that came. */
    static String absent(String name, Collection<String> given) {
        return given.isEmpty()
                ? "nothing: there are no names"
                : "none under this name; there are " + Nearest.first(given)
                        + Nearest.to(name, given)
                                .map(near -> " (did you write \"" + near + "\" for it?)")
                                .orElse("");
    }

    private static byte[] value(Field field, Map<String, ? extends @Nullable Object> row, String place) {
        Object given = row.get(field.name());
        boolean text = field.meaning() instanceof Meaning.Text;
        if (given == null) {
            throw new InputException(place + "expected " + (text ? "a text" : "a file") + " as \"" + field.name()
                    + "\", received "
                    + (row.containsKey(field.name()) ? "no value" : absent(field.name(), row.keySet())));
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
