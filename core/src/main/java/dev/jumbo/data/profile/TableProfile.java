package dev.jumbo.data.profile;

import dev.jumbo.data.table.ColumnProfile;
import dev.jumbo.data.table.ColumnType;
import dev.jumbo.data.table.Numbers;
import dev.jumbo.data.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the columns of a table are, and what a person should look at before anything is learned from them.
 *
 * @param columns in the order of the table
 */
public record TableProfile(List<Column> columns) {
    /** A category with more different texts is worth a word: each is an input of the network. */
    private static final int WIDE = 100;
    /** As many whole numbers may well be classes. */
    private static final int CLASSES = 20;

    private static final double MOSTLY_MISSING = 0.5;
    private static final int LEAST_ROWS = 10;

    /**
     * One column.
     *
     * @param type as given, or as found out
     * @param role input, target, or left out
     * @param counts what stands in it
     * @param warnings what to look at, and what to write
     * @param advice the type that the warnings propose; null: none
     */
    public record Column(
            ColumnType type,
            Role role,
            ColumnProfile counts,
            List<String> warnings,
            @Nullable ColumnType advice) {
        public Column {
            warnings = List.copyOf(warnings);
        }

        public String name() {
            return counts.name();
        }
    }

    /** What a column is for. */
    public enum Role {
        INPUT,
        TARGET,
        LEFT_OUT
    }

    public TableProfile {
        columns = List.copyOf(columns);
    }

    /** Looks at all columns, of which none is left out as a key. */
    public static TableProfile of(Table table, Map<String, ColumnType> types, @Nullable String target) {
        return of(table, types, target, Set.of());
    }

    /**
     * Looks at all columns.
     *
     * @param types those that are given, by name
     * @param target the column that is predicted; null: none
     * @param keys columns that are left out because they number the rows: {@link RowKeys#of}
     */
    public static TableProfile of(
            Table table, Map<String, ColumnType> types, @Nullable String target, Set<String> keys) {
        List<ColumnProfile> counts = table.names().stream()
                .map(name -> ColumnProfile.of(table, name))
                .toList();
        boolean classes = target != null
                && counts.stream()
                        .filter(c -> c.name().equals(target))
                        .anyMatch(c -> types.getOrDefault(target, c.type()) != ColumnType.NUMBER);
        return new TableProfile(counts.stream()
                .map(c -> column(table, c, types.get(c.name()), target, classes, keys.contains(c.name())))
                .toList());
    }

    private static Column column(
            Table table,
            ColumnProfile counts,
            @Nullable ColumnType given,
            @Nullable String target,
            boolean classes,
            boolean key) {
        ColumnType type = given == null ? counts.type() : given;
        boolean isTarget = counts.name().equals(target);
        boolean unused = key || type == ColumnType.TEXT || type == ColumnType.IGNORE;
        Role role = isTarget ? Role.TARGET : unused ? Role.LEFT_OUT : Role.INPUT;
        List<String> warnings = new ArrayList<>();
        ColumnType advice = null;
        if (given == null && counts.isNested()) {
            warnings.add(counts.nestedProblem());
            advice = ColumnType.IGNORE;
        } else if (given == null && counts.isMostlyNumbers() || given == ColumnType.NUMBER && counts.texts() > 0) {
            warnings.add(counts.problem());
        } else if (counts.infiniteProblem() != null && (type == ColumnType.NUMBER)) {
            warnings.add(counts.infiniteProblem());
        } else if (isTarget) {
            advice = target(counts, type, given, warnings);
        } else if (key && given == null) {
            warnings.add(counts.name() + ": left out: " + Numbers.format(counts.min()) + " to "
                    + Numbers.format(counts.max())
                    + ", another number in every row, as row numbers and keys have; write"
                    + " columns: {" + key(counts.name()) + ": number} to learn from it all the same");
            advice = ColumnType.IGNORE;
        } else if (given == null && role == Role.LEFT_OUT) {
            warnings.add(counts.name() + ": left out: " + different(counts) + ", as names, tickets and keys have; write"
                    + " columns: {" + key(counts.name()) + ": category} to learn from it all the same, or clean it"
                    + (counts.numbers() > 0 ? " (" + counts.numbers() + " of them are numbers)" : ""));
            advice = ColumnType.IGNORE;
        } else if (role == Role.INPUT) {
            advice = input(table, counts, type, target, classes, warnings);
        }
        if (type == ColumnType.NUMBER && counts.note() != null && !counts.isNested()) {
            warnings.add(counts.name() + ": its numbers are " + counts.note().what());
        }
        return new Column(type, role, counts, warnings, advice);
    }

    private static @Nullable ColumnType target(
            ColumnProfile counts, ColumnType type, @Nullable ColumnType given, List<String> warnings) {
        String name = counts.name();
        if (counts.present() > 0 && (type == ColumnType.NUMBER ? counts.rounded() : counts.distinct()) <= 1) {
            warnings.add(name + ": the target is the same in every row"
                    + (type == ColumnType.NUMBER ? " (" + counts.smallest() + ")" : "")
                    + ": there is nothing to predict; is it the right column, and are these all rows?");
            return null;
        }
        if (type == ColumnType.NUMBER && counts.roundedProblem() != null) {
            warnings.add(String.valueOf(counts.roundedProblem()));
            return null;
        }
        if (type == ColumnType.NUMBER && given == null && counts.whole() && counts.distinct() <= CLASSES) {
            warnings.add(name + ": predicted as a number; its " + counts.distinct()
                    + " different whole numbers may be classes: write columns: {" + key(name) + ": category}");
            return ColumnType.CATEGORY;
        }
        if (type != ColumnType.NUMBER && counts.hasOwnTexts()) {
            warnings.add(name + ": " + different(counts) + " to predict as classes: is it the right target?");
        }
        return null;
    }

    private static @Nullable ColumnType input(
            Table table,
            ColumnProfile counts,
            ColumnType type,
            @Nullable String target,
            boolean classes,
            List<String> warnings) {
        String name = counts.name();
        String ignore = "write columns: {" + key(name) + ": ignore}";
        if (counts.distinct() <= 1 && counts.missing() == 0 || counts.present() == 0) {
            warnings.add(name + ": " + (counts.present() == 0 ? "no value at all" : "the same value in every row")
                    + ": nothing can be learned from it; " + ignore);
            return ColumnType.IGNORE;
        }
        String leak = target == null ? null : Leak.of(table, counts, type != ColumnType.CATEGORY, target, classes);
        if (leak != null) {
            warnings.add(name + ": gives the target away: it " + leak
                    + "; if it is not known when a prediction is asked for, " + ignore);
            return ColumnType.IGNORE;
        }
        if (type == ColumnType.NUMBER && counts.roundedProblem() != null) {
            warnings.add(String.valueOf(counts.roundedProblem()));
            return ColumnType.IGNORE;
        }
        if (type == ColumnType.NUMBER && counts.isCounter()) {
            warnings.add(name + ": the numbers from " + Numbers.format(counts.min()) + " to "
                    + Numbers.format(counts.max()) + ", each once, look like a key of the rows; " + ignore);
            return ColumnType.IGNORE;
        }
        if (type == ColumnType.CATEGORY && counts.hasOwnTexts()) {
            warnings.add(name + ": " + different(counts) + " become " + counts.distinct()
                    + " inputs from which nothing can be learned; " + ignore);
            return ColumnType.IGNORE;
        }
        if (type == ColumnType.CATEGORY && counts.distinct() > WIDE) {
            warnings.add(name + ": " + different(counts) + " become " + counts.distinct()
                    + " inputs; write encode: {min_count: 10} to put rare ones together, or columns: {" + key(name)
                    + ": ignore}");
        } else if (type == ColumnType.CATEGORY
                && counts.distinct() == counts.present()
                && counts.present() >= LEAST_ROWS) {
            warnings.add(name + ": a different text in every row: nothing can be learned from it; " + ignore);
            return ColumnType.IGNORE;
        }
        if (type == ColumnType.CATEGORY && counts.texts() > 0 && counts.numbers() > counts.texts()) {
            warnings.add(counts.name() + ": a category although " + counts.numbers() + " of " + counts.present()
                    + " values are numbers, unlike " + counts.words().get(0)
                    + "; if it should be numbers, clean it with"
                    + " parse_number, missing_tokens or numbers");
        }
        if (counts.missing() > MOSTLY_MISSING * counts.rows()) {
            warnings.add(String.format(
                    Locale.ROOT, "%s: missing in %.1f %% of the rows", name, 100.0 * counts.missing() / counts.rows()));
        }
        return null;
    }

    private static String different(ColumnProfile counts) {
        return String.format(Locale.ROOT, "%,d different texts in %,d rows", counts.distinct(), counts.present());
    }

    private static String key(String name) {
        return name.matches("[A-Za-z_][A-Za-z0-9_]*") ? name : '"' + name.replace("\"", "\\\"") + '"';
    }

    /** All that a person should look at, one line each (of columns with cells that do not fit, several). */
    public List<String> warnings() {
        List<String> all = new ArrayList<>();
        columns.forEach(column -> all.addAll(column.warnings()));
        String types = columns.stream()
                .filter(column -> column.advice() != null)
                .map(column -> key(column.name()) + ": "
                        + String.valueOf(column.advice()).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
        if (!types.isEmpty() && all.size() > 1) {
            all.add("all of these together: columns: {" + types + "}");
        }
        return all;
    }

    /** A line for each column: type, missing share, different values, range; then the warnings. */
    public String text() {
        int width = Math.max(
                6, columns.stream().mapToInt(c -> c.name().length()).max().orElse(0));
        List<String> lines = new ArrayList<>();
        String form = "  %-" + Math.min(width, 32) + "s  %-18s %8s %10s  %s";
        lines.add(String.format(form, "column", "type", "missing", "different", "range"));
        for (Column column : columns) {
            ColumnProfile counts = column.counts();
            lines.add(String.format(
                    Locale.ROOT,
                    form,
                    column.name(),
                    (counts.present() == 0 ? "no value" : column.type().name().toLowerCase(Locale.ROOT))
                            + switch (column.role()) {
                                case INPUT -> "";
                                case TARGET -> " (target)";
                                case LEFT_OUT -> " (left out)";
                            },
                    String.format(
                            Locale.ROOT, "%.1f %%", counts.rows() == 0 ? 0 : 100.0 * counts.missing() / counts.rows()),
                    String.format(Locale.ROOT, "%,d", counts.distinct()),
                    counts.smallest().isEmpty() ? "" : counts.smallest() + " to " + counts.largest()));
        }
        warnings().forEach(warning -> lines.add("  warning: " + warning));
        return String.join(System.lineSeparator(), lines);
    }
}
