package dev.jumbo.data.prepare;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Column;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.sets.RaggedDataset;
import dev.jumbo.data.sets.Truncated;
import dev.jumbo.data.sets.WeightedDataset;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.data.source.DataSource;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TableColumn;
import dev.jumbo.data.table.Truth;
import dev.jumbo.data.table.read.TableSource;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sequences of ids of different lengths, from a column of lists: JSON lines, Parquet, or any table whose texts are JSON lists.
 * What is to be predicted is a class of each row, a list of ids, or the next id of each.
 */
@Kind("sequences")
@Doc("Sequences of ids of different lengths, from a column of lists in JSON lines, Parquet or another table.")
public record SequencesSource(
        @Doc("Where the training rows are.") TableSource train,

        @Doc("Where the validation rows are.") @Default("null") @Nullable
        TableSource validation,

        @Doc("Where the test rows are.") @Default("null") @Nullable
        TableSource test,

        @Doc("The column of lists of ids.") @Default("tokens")
        String input,

        @Doc("How many ids there are: they are from 0 to this less one.")
        long vocabulary,

        @Doc("The id that fills up short rows; a mask says where.") @Default("0")
        long padding,

        @Doc("The column that is predicted: a class, or a list of ids; by default the id that follows each.")
        @Default("null")
        @Nullable
        String target,

        @Doc("The most ids of a row; by default as the longest one has.") @Default("null") @Nullable
        Integer maxLength,

        @Doc("Whether longer rows lose their ends, which is counted in a warning; if not, they are an error.")
        @Default("false")
        boolean truncate,

        @Doc("A column that says what each row counts in the loss, 0 or more.") @Default("null") @Nullable
        String weight)
        implements DataSource {
    @Override
    public DataParts load(@Nullable Path dir, Path out) {
        if (dir != null) {
            throw new InputException("sequences: the paths are in the sources: remove data.dir, received " + dir);
        }
        Table learned = LeftOut.read(train, out, "train");
        if (weight != null) {
            learned.column(weight); // Refuses a name that is none; what is measured on need not have it.
        }
        List<String> classes =
                target != null && !isList(learned, target) ? Truth.categories(learned.column(target)) : List.of();
        Dataset first = dataset(learned, train.name(), classes);
        return DataParts.of(first, part(validation, out, "validation", classes), part(test, out, "test", classes));
    }

    private @Nullable Dataset part(@Nullable TableSource source, Path out, String name, List<String> classes) {
        return source == null ? null : dataset(LeftOut.read(source, out, name), source.name(), classes);
    }

    /** Whether the first value of a column is a list. */
    private static boolean isList(Table table, String name) {
        TableColumn column = table.column(name);
        for (int row = 0; row < table.rows(); row++) {
            String text = column.text(row);
            if (text != null) {
                return text.startsWith("[");
            }
        }
        return false;
    }

    private Dataset dataset(Table table, String from, List<String> classes) {
        @Nullable String goal = target;
        long[][] ids = lists(table, input, from, goal == null ? 2 : 1);
        Dataset made;
        if (goal == null) {
            long[][] before = Arrays.stream(ids)
                    .map(row -> Arrays.copyOf(row, row.length - 1))
                    .toArray(long[][]::new);
            long[][] after = Arrays.stream(ids)
                    .map(row -> Arrays.copyOfRange(row, 1, row.length))
                    .toArray(long[][]::new);
            made = RaggedDataset.of(tokens(input, before), before, tokens("next", after), after);
        } else if (classes.isEmpty()) {
            long[][] targets = lists(table, goal, from, 1);
            made = RaggedDataset.of(tokens(input, ids), ids, tokens(goal, targets), targets);
        } else {
            Column column = new RecordTarget(goal, classes).of(table, from);
            made = RaggedDataset.of(List.of(RaggedDataset.column(tokens(input, ids), ids)), List.of(column));
        }
        if (maxLength != null) {
            made = Truncated.of(made, maxLength, truncate);
        }
        return weight == null || !table.names().contains(weight)
                ? made
                : WeightedDataset.of(made, TableWeights.of(table, weight));
    }

    private Field tokens(String name, long[][] ids) {
        int found = Arrays.stream(ids).mapToInt(row -> row.length).max().orElse(1);
        // Targets of each step are as long as the input, so both may have as many steps.
        int longest = Math.max(found, maxLength == null ? 1 : maxLength);
        return name.equals(input)
                ? Field.tokens(name, vocabulary, padding, longest)
                : Field.ids(name, Shape.of(1)).ragged(longest);
    }

    private long[][] lists(Table table, String name, String from, int least) {
        TableColumn column = table.column(name);
        long[][] lists = new long[table.rows()][];
        for (int row = 0; row < lists.length; row++) {
            String text = column.text(row);
            long[] ids = text == null ? null : IdList.parse(text, vocabulary);
            if (ids == null || ids.length < least) {
                throw new InputException(from + ": expected a list of " + least + " or more ids from 0 to "
                        + (vocabulary - 1) + " in " + name + ", received "
                        + (text == null ? "no value" : text.length() > 60 ? text.substring(0, 60) + "..." : text)
                        + " in row " + table.sourceRow(row)
                        + (ids == null
                                ? "; leave such rows out, or set vocabulary to the number of ids"
                                : "; leave such rows out: the id after the first is what the model learns"));
            }
            lists[row] = ids;
        }
        return lists;
    }
}
