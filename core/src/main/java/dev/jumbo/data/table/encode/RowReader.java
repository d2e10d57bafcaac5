package dev.jumbo.data.table.encode;

import dev.jumbo.data.clean.RowCleaner;
import dev.jumbo.data.clean.steps.ParseNumber;
import dev.jumbo.data.table.ColumnType;
import dev.jumbo.data.table.Numbers;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TextColumn;
import dev.jumbo.data.table.UnknownColumn;
import dev.jumbo.data.table.read.CsvFile;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.error.Shown;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Raw rows by column name as a model takes them: what training did to each row of its table is done here, once for {@code
 * predict}, the server and Java programs. A value is a text as in the training table's file, a number, a truth value, or
 * null where it is missing. Only texts have a spelling: a number is that number, whatever the marks of the file are.
 *
 * <p>Every input column must be named, so that a misspelt one is not taken for a missing value. Columns that the training
 * table did not have, and the target, are not looked at.
 *
 * @param encoding the model's
 * @param format how texts are written: as in training, unless the rows come from a file of another form; null where
 *     training had no file of texts
 */
public record RowReader(TableEncoding encoding, @Nullable CsvFile format) {

    /** Texts are written as in training. */
    public RowReader(TableEncoding encoding) {
        this(encoding, encoding.format());
    }

    /**
     * What was read.
     *
     * @param values the raw values of all rows, one after the other; of a refused row they mean nothing
     * @param warnings for each row what the caller should know, such as a category that training did not have
     * @param refused why a row cannot be predicted, by its position from 0
     */
    @SuppressWarnings("ArrayRecordComponent") // On its way to the network.
    public record Read(double[] values, List<List<String>> warnings, Map<Integer, String> refused) {
        /** The raw values of a row. */
        public double[] row(int row) {
            int each = values.length / warnings.size();
            return Arrays.copyOfRange(values, row * each, (row + 1) * each);
        }

        /** @throws InputException if a row was refused. @param place names a row */
        public void requireAll(IntFunction<String> place) {
            refused.entrySet().stream().findFirst().ifPresent(first -> {
                String where = place.apply(first.getKey());
                throw new InputException(where.isEmpty() ? first.getValue() : where + ": " + first.getValue());
            });
        }

        @Override
        public String toString() {
            return "Read[values=" + Shown.of(values) + ", warnings=" + warnings + ", refused=" + refused + "]";
        }
    }

    /** Reads rows; what is wrong with one does not touch the others. */
    public Read read(List<? extends Map<String, ? extends @Nullable Object>> rows) {
        Map<Integer, String> refused = new TreeMap<>();
        List<String> names = names(rows);
        for (int r = 0; r < rows.size(); r++) {
            String reason = missingColumn(rows.get(r).keySet());
            if (reason != null) {
                refused.put(r, reason);
            }
        }
        Table table = table(rows, names, refused);
        List<List<String>> warnings = new ArrayList<>();
        List<TableLayout.Input> inputs = encoding.layout().inputs();
        double[] values = new double[Math.multiplyExact(rows.size(), inputs.size())];
        for (int r = 0; r < rows.size(); r++) {
            List<String> own = new ArrayList<>();
            for (int i = 0; i < inputs.size() && !refused.containsKey(r); i++) {
                TableLayout.Input input = inputs.get(i);
                String text = table.column(input.name()).text(r);
                double value = value(input, text, rows.get(r).get(input.name()));
                values[r * inputs.size() + i] = value;
                if (text != null && Double.isNaN(value)) {
                    refused.put(
                            r,
                            "expected a " + input.type().name().toLowerCase(Locale.ROOT) + " for " + input.name()
                                    + ", received \"" + text + "\"" + unread(input.name()));
                } else if (Double.isInfinite((float) value)) {
                    refused.put(r, "expected a number up to 3.4e38 for " + input.name() + ", received " + text);
                } else if (value < 0 && input.type() == ColumnType.CATEGORY) {
                    own.add(unknown(i, String.valueOf(text)));
                }
            }
            warnings.add(List.copyOf(own));
        }
        return new Read(values, warnings, Collections.unmodifiableMap(refused));
    }

    /** What to do about a text in which a cleaning step was to find a number. */
    private String unread(String column) {
        RowCleaner cleaner = encoding.clean();
        return cleaner != null && ParseNumber.isAmong(cleaner.steps(), column)
                ? ", in which parse_number found no number as training set it; send a number, or null where it is missing"
                : "";
    }

    /** A number sent for a category is the category that is this number, however it is written. */
    private static double value(TableLayout.Input input, @Nullable String text, @Nullable Object sent) {
        double value = input.raw(text);
        if (input.type() == ColumnType.CATEGORY && value < 0 && sent instanceof Number number) {
            for (int c = 0; c < input.categories().size(); c++) {
                if (Numbers.parse(input.categories().get(c)) == number.doubleValue()) {
                    return c;
                }
            }
        }
        return value;
    }

    /** Cleaning steps of training that are not done to single rows, as they look at a whole table. */
    public List<String> skipped() {
        return encoding.clean() == null ? List.of() : encoding.clean().skipped();
    }

    /** The columns that a row must name, in the order of the training table. */
    public List<String> columns() {
        List<String> inputs = encoding.layout().inputs().stream()
                .map(TableLayout.Input::name)
                .filter(name -> !isDerived(name))
                .toList();
        boolean derives = inputs.size() < encoding.layout().inputs().size();
        // What a cleaning step makes a column of is known to the step alone, so all columns are asked for.
        return derives
                ? encoding.columns().stream()
                        .filter(name -> !encoding.layout().isTarget(name))
                        .toList()
                : inputs;
    }

    /** The columns that a row may name: those of the training table. */
    public List<String> known() {
        Set<String> known = new LinkedHashSet<>(columns());
        known.addAll(encoding.columns());
        encoding.layout().targets().forEach(target -> known.add(target.name()));
        return List.copyOf(known);
    }

    /** What is done with a category that is none of training's. @param input its position */
    public String unknown(int input, String text) {
        TableLayout.Input column = encoding.layout().inputs().get(input);
        boolean other = encoding.features().get(input) instanceof CategoryFeature feature && feature.other() >= 0;
        List<String> known = column.categories();
        return "training had no \"" + text + "\" in " + column.name() + " (it had " + Nearest.first(known)
                + (other ? "): taken as one of its rare values" : "): taken as none of them");
    }

    /** Columns of the rows that training had, in its order. */
    private List<String> names(List<? extends Map<String, ? extends @Nullable Object>> rows) {
        Set<String> given = new HashSet<>();
        rows.forEach(row -> given.addAll(row.keySet()));
        Set<String> known = new LinkedHashSet<>(encoding.columns());
        encoding.layout().inputs().stream()
                .map(TableLayout.Input::name)
                .filter(name -> !isDerived(name))
                .forEach(known::add);
        return known.stream().filter(given::contains).toList();
    }

    /** Whether a cleaning step makes the column. */
    private boolean isDerived(String name) {
        return !encoding.columns().isEmpty() && !encoding.columns().contains(name);
    }

    /** Says which input column is not among the given ones, and what is near; null if all are there. */
    public @Nullable String missingColumn(Collection<String> given) {
        for (TableLayout.Input input : encoding.layout().inputs()) {
            if (!given.contains(input.name()) && !isDerived(input.name())) {
                return "no column \"" + input.name() + "\"" + near(input.name(), given) + "; null where it is missing";
            }
        }
        return null;
    }

    /** The nearest of the given columns that no input has, which is likely a misspelling. */
    private String near(String name, Collection<String> given) {
        List<String> unknown = new ArrayList<>(given);
        encoding.layout().inputs().forEach(input -> unknown.remove(input.name()));
        return Nearest.to(name, unknown).map(other -> ", but \"" + other + "\"").orElse("");
    }

    private Table table(
            List<? extends Map<String, ? extends @Nullable Object>> rows,
            List<String> names,
            Map<Integer, String> refused) {
        List<TextColumn> columns = new ArrayList<>();
        for (String name : names) {
            TextColumn column = TextColumn.empty();
            rows.forEach(row -> column.add(text(row.get(name)), row.get(name) instanceof Number));
            columns.add(column);
        }
        Table raw = Table.of(names, columns);
        RowCleaner cleaner = encoding.clean();
        if (cleaner == null || cleaner.steps().isEmpty() || refused.size() == rows.size()) {
            return raw;
        }
        requireAlike(rows, names, refused);
        RowCleaner.Rows cleaned;
        try {
            cleaned = cleaner.apply(raw);
        } catch (InputException e) {
            // The target is added for the steps alone: nobody is to send it.
            InputException told = e instanceof UnknownColumn unknown
                    ? unknown.without(encoding.layout().target().name())
                    : e;
            throw new InputException(
                    "the cleaning of training needs a column that the rows do not have: " + told.getMessage()
                            + "; null where it is missing",
                    e);
        }
        cleaned.refused().forEach((row, reason) -> refused.putIfAbsent(row, "refused, as in training, by " + reason));
        cleaned.misread().forEach(refused::putIfAbsent);
        return cleaned.table();
    }

    /** A cleaning step may read any column, so one that some rows have is not taken for missing in the others. */
    private void requireAlike(
            List<? extends Map<String, ? extends @Nullable Object>> rows,
            List<String> names,
            Map<Integer, String> refused) {
        for (int r = 0; r < rows.size(); r++) {
            for (String name : names) {
                if (!rows.get(r).containsKey(name) && !encoding.layout().isTarget(name)) {
                    refused.putIfAbsent(
                            r, "no column \"" + name + "\", which other rows have; null where it is missing");
                }
            }
        }
    }

    /** A value as the training table has it. */
    private @Nullable String text(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (value instanceof Double || value instanceof Float) {
            return Numbers.format(((Number) value).doubleValue());
        }
        if (value instanceof BigDecimal exact) {
            return Numbers.format(exact);
        }
        if (!(value instanceof String text)) {
            return value.toString();
        }
        String trimmed = format == null || format.trim() ? text.strip() : text;
        boolean none = encoding.missing().contains(trimmed)
                || format != null && format.missing().contains(trimmed);
        return none ? null : trimmed;
    }
}
