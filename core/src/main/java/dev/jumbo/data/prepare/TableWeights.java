package dev.jumbo.data.prepare;

import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TableColumn;
import dev.jumbo.error.InputException;

/** A column of a table that says what rows count. */
final class TableWeights {
    private TableWeights() {}

    /** @throws InputException if a value is missing, negative or not finite, with its row */
    static double[] of(Table table, String name) {
        TableColumn column = table.column(name);
        double[] weights = new double[table.rows()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = column.number(i);
            if (!(weights[i] >= 0) || Double.isInfinite(weights[i])) {
                throw new InputException("weight: expected numbers of 0 or more in " + name + ", received "
                        + (column.text(i) == null ? "no value" : "\"" + column.text(i) + "\"") + " in row "
                        + table.sourceRow(i) + "; mend it by a step of clean, such as missing or replace");
            }
        }
        return weights;
    }
}
