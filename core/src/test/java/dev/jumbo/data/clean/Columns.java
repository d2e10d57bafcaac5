package dev.jumbo.data.clean;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TextColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Tables of few values for tests of steps. */
public final class Columns {
    private Columns() {}

    /** One column named x. */
    public static Table of(@Nullable String... values) {
        return Table.of(List.of("x"), List.of(TextColumn.of(values)));
    }

    /** The texts of a JSON array. */
    public static List<@Nullable String> texts(JsonNode array) {
        List<@Nullable String> texts = new ArrayList<>();
        array.forEach(node -> texts.add(node.isNull() ? null : node.textValue()));
        return texts;
    }

    /** What steps leave of the column x. */
    public static List<@Nullable String> cleaned(Table table, CleaningStep... steps) {
        return values(Cleaner.of(steps).clean(table).table(), "x");
    }

    /** The texts of a column. */
    public static List<@Nullable String> values(Table table, String column) {
        List<@Nullable String> values = new ArrayList<>();
        IntStream.range(0, table.rows())
                .forEach(row -> values.add(table.column(column).text(row)));
        return values;
    }
}
