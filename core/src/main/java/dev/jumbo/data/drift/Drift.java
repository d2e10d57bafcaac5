package dev.jumbo.data.drift;

import dev.jumbo.data.profile.RowKeys;
import dev.jumbo.data.table.Table;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How far a second table has drifted from a first.
 *
 * @param rowsBefore rows of the first
 * @param rowsNow rows of the second
 * @param columns those that both have, in the order of the first
 * @param onlyBefore columns of the first alone
 * @param onlyNow columns of the second alone
 * @param drifted whether any column has drifted, or is there in one table alone
 */
public record Drift(
        long rowsBefore,
        long rowsNow,
        List<ColumnDrift> columns,
        List<String> onlyBefore,
        List<String> onlyNow,
        boolean drifted) {

    /** Compares. @throws InputException if one of them has no rows, or they have no column in common */
    public static Drift between(Table before, Table now, DriftLimits limits) {
        List<String> common =
                before.names().stream().filter(now.names()::contains).toList();
        if (before.rows() == 0 || now.rows() == 0 || common.isEmpty()) {
            throw new InputException("expected two tables with rows and columns in common, received " + before.rows()
                    + " and " + now.rows() + " rows of " + Nearest.first(before.names()) + ", and "
                    + Nearest.first(now.names()));
        }
        Set<String> keys = RowKeys.of(before, Map.of(), null);
        List<ColumnDrift> columns = common.stream()
                .map(name -> new ColumnComparison(
                                name, before.column(name), now.column(name), limits, keys.contains(name))
                        .drift())
                .toList();
        List<String> onlyBefore =
                before.names().stream().filter(n -> !common.contains(n)).toList();
        List<String> onlyNow =
                now.names().stream().filter(n -> !common.contains(n)).toList();
        boolean drifted =
                columns.stream().anyMatch(ColumnDrift::drifted) || !onlyBefore.isEmpty() || !onlyNow.isEmpty();
        return new Drift(before.rows(), now.rows(), columns, onlyBefore, onlyNow, drifted);
    }

    /** For a terminal: a line for each column, and the verdict. */
    public String text() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "  %-20s %-9s %8s %8s %8s %12s %9s  %s",
                "column",
                "kind",
                "missing",
                "PSI",
                "JS",
                "KS or chi2",
                "p-value",
                "verdict"));
        for (ColumnDrift column : columns) {
            lines.add(String.format(
                    Locale.ROOT,
                    "  %-20s %-9s %+8.3f %8s %8s %12s %9s  %s",
                    column.column(),
                    column.kind(),
                    column.missingNow() - column.missingBefore(),
                    figure(column.psi()),
                    figure(column.jensenShannon()),
                    figure(column.distance()),
                    column.pValue() == null ? "-" : String.format(Locale.ROOT, "%.2g", column.pValue()),
                    column.drifted() ? "DRIFT: " + String.join("; ", column.reasons()) : "ok"));
        }
        onlyBefore.forEach(name -> lines.add("  " + name + " is in the first table alone"));
        onlyNow.forEach(name -> lines.add("  " + name + " is in the second table alone"));
        long many = columns.stream().filter(ColumnDrift::drifted).count();
        lines.add(String.format(
                Locale.ROOT,
                "drift of %,d rows against %,d: %s",
                rowsNow,
                rowsBefore,
                drifted ? "YES, in " + many + " of " + columns.size() + " columns" : "none"));
        return String.join(System.lineSeparator(), lines);
    }

    private static String figure(@Nullable Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.4g", value);
    }
}
