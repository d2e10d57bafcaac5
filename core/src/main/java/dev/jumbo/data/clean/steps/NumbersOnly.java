package dev.jumbo.data.clean.steps;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.table.Table;
import java.util.List;

/** A text where a number should be becomes missing. */
@Kind("numbers")
public record NumbersOnly(@Doc("Columns with numbers.") List<String> columns) implements CleaningStep {
    public NumbersOnly {
        columns = List.copyOf(columns);
    }

    @Override
    public void apply(Table table, Edits edits) {
        for (String name : columns) {
            int column = table.indexOf(name);
            for (int row = 0; row < table.rows(); row++) {
                if (Double.isNaN(table.columns().get(column).number(row))) {
                    edits.set(row, column, null, "not a number");
                }
            }
        }
    }
}
