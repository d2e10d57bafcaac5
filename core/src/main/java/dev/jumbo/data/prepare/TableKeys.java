package dev.jumbo.data.prepare;

import dev.jumbo.data.split.Keys;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TableColumn;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The columns of a cleaned table, inputs or not, as what its rows may be divided by. @param source where the table comes from */
record TableKeys(Table table, String source) implements Keys {
    @Override
    public String place(int example) {
        return "row " + table.sourceRow(example) + " of " + source;
    }

    @Override
    public List<@Nullable String> column(String name) {
        TableColumn column = table.column(name);
        return IntStream.range(0, table.rows())
                .<@Nullable String>mapToObj(column::text)
                .toList();
    }
}
