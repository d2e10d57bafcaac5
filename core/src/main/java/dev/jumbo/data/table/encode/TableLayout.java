package dev.jumbo.data.table.encode;

import dev.jumbo.config.Default;
import dev.jumbo.data.table.Cell;
import dev.jumbo.data.table.ColumnProfile;
import dev.jumbo.data.table.ColumnType;
import dev.jumbo.data.table.Numbers;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TableColumn;
import dev.jumbo.data.table.Truth;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the columns of a table are to a model: made from the training file, used for every other table of its kind.
 *
 * @param inputs in the order of the table
 * @param target what is predicted
 * @param more what is predicted besides, by further outputs of the model
 */
public record TableLayout(
        List<Input> inputs, Target target, @Default("[]") List<Target> more) {
    /** With one target. */
    public TableLayout(List<Input> inputs, Target target) {
        this(inputs, target, List.of());
    }

    /** All targets, in the order of the model's outputs. */
    public List<Target> targets() {
        List<Target> all = new ArrayList<>(List.of(target));
        all.addAll(more);
        return all;
    }

    /** Whether a column is predicted. */
    public boolean isTarget(String name) {
        return targets().stream().anyMatch(target -> target.name().equals(name));
    }

    /**
     * An input column.
     *
     * @param categories texts whose positions are the raw values; empty for numbers
     */
    public record Input(String name, ColumnType type, List<String> categories) {
        public Input {
            categories = List.copyOf(categories);
        }

        /** The raw value of a text: a number, 0 or 1, the position of a category; NaN if missing, -1 if not known. */
        public double raw(@Nullable String text) {
            if (text == null) {
                return Double.NaN;
            }
            return switch (type) {
                case CATEGORY -> Truth.position(categories, text);
                case BOOLEAN -> truth(text);
                default -> Numbers.parse(text);
            };
        }

        private static double truth(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "true", "yes", "t", "y", "1" -> 1;
                case "false", "no", "f", "n", "0" -> 0;
                default -> Double.NaN;
            };
        }
    }

    /**
     * The target column.
     *
     * @param classes in alphabetical order, their positions are the ids; empty for a number
     */
    public record Target(String name, List<String> classes) {
        public Target {
            classes = List.copyOf(classes);
        }
    }

    public TableLayout {
        inputs = List.copyOf(inputs);
        more = List.copyOf(more);
        if (inputs.isEmpty()) {
            throw new InputException("expected at least one input column, received none; check columns and target");
        }
    }

    /**
     * Finds out what a table has. Columns whose type is not given are numbers where every value is one; categories
     * otherwise, but texts, which are left out, where most rows have a text of their own.
     *
     * @param types by name
     * @throws InputException with the nearest name if a named column is not there; with the cells if a column is numbers
     *     but for a few of them, or is said to be numbers and is not
     */
    public static TableLayout of(Table table, Map<String, ColumnType> types, String target) {
        return of(table, types, List.of(target));
    }

    /** As {@link #of(Table, Map, String)}, with several targets. @param targets one or more, in the order of the model's outputs */
    public static TableLayout of(Table table, Map<String, ColumnType> types, List<String> targets) {
        types.keySet().forEach(table::indexOf);
        ColumnProfile.requireFlat(table, types.keySet());
        targets.forEach(table::indexOf);
        List<Input> inputs = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (int c = 0; c < table.columns().size(); c++) {
            String name = table.names().get(c);
            TableColumn column = table.columns().get(c);
            ColumnType given = types.get(name);
            if (given == ColumnType.IGNORE || given == ColumnType.TEXT) {
                continue;
            }
            ColumnProfile profile = ColumnProfile.of(table, name);
            ColumnType type = given == null ? profile.type() : given;
            if (given == null ? profile.isMostlyNumbers() : given == ColumnType.NUMBER && profile.texts() > 0) {
                problems.add(profile.problem());
            } else if (type == ColumnType.NUMBER && profile.infinite() > 0) {
                problems.add(String.valueOf(profile.infiniteProblem()));
            } else if (given == ColumnType.BOOLEAN) {
                requireBooleans(table, column, name, problems);
            }
            if (!targets.contains(name) && type != ColumnType.IGNORE && type != ColumnType.TEXT) {
                inputs.add(new Input(name, type, type == ColumnType.CATEGORY ? Truth.categories(column) : List.of()));
            }
        }
        if (!problems.isEmpty()) {
            throw new InputException("expected columns of numbers or of words, received both in one:\n  "
                    + String.join("\n  ", problems));
        }
        List<Target> all =
                targets.stream().map(name -> target(table, types, name)).toList();
        return new TableLayout(inputs, all.get(0), all.subList(1, all.size()));
    }

    private static Target target(Table table, Map<String, ColumnType> types, String name) {
        ColumnType type = types.getOrDefault(name, ColumnProfile.of(table, name).type());
        return new Target(name, type == ColumnType.NUMBER ? List.of() : Truth.categories(table.column(name)));
    }

    /** The raw values of one row given by column name; columns left out are missing. */
    double[] raw(Map<String, String> row) {
        List<String> known = inputs.stream().map(Input::name).toList();
        row.keySet().stream()
                .filter(name -> !known.contains(name) && !isTarget(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new InputException("no column \"" + name + "\"" + Nearest.hint(name, known));
                });
        double[] raw = new double[inputs.size()];
        for (int i = 0; i < raw.length; i++) {
            Input input = inputs.get(i);
            String text = row.get(input.name());
            raw[i] = input.raw(text);
            if (text != null && !Double.isFinite(raw[i])) {
                throw new InputException("expected a " + (Double.isInfinite(raw[i]) ? "finite " : "")
                        + input.type().name().toLowerCase(Locale.ROOT) + " for " + input.name() + ", received \"" + text
                        + "\"");
            }
        }
        return raw;
    }

    private static void requireBooleans(Table table, TableColumn column, String name, List<String> problems) {
        List<Cell> cells = new ArrayList<>();
        for (int row = 0; row < column.size(); row++) {
            String text = column.text(row);
            if (text != null && Double.isNaN(Input.truth(text))) {
                cells.add(new Cell(table.sourceRow(row), text));
            }
        }
        if (!cells.isEmpty()) {
            problems.add(name + ": expected true, false, yes, no, t, f, y, n, 1 or 0, received "
                    + Cell.list(cells.subList(0, Math.min(5, cells.size())), cells.size())
                    + "; write columns: {" + name + ": category}, or clean it with replace");
        }
    }
}
