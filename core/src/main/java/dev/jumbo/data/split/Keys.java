package dev.jumbo.data.split;

import dev.jumbo.data.Dataset;
import dev.jumbo.error.InputException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of examples beside their fields, to divide by: the columns of a table, the names of files. */
public interface Keys {
    /**
     * The texts of a column, one an example; null where a value is missing.
     *
     * @throws InputException if there is no such column
     */
    default List<@Nullable String> column(String name) {
        throw new InputException("split: expected a table with the column \"" + name
                + "\", received data without columns; pictures and shards are divided by a part of their files' names,"
                + " as in split: {group: {file_name: '^[^_]+'}}");
    }

    /** The names of the examples' files without folders, one an example. @throws InputException if examples are no files */
    default List<String> fileNames() {
        throw new InputException("split: expected examples from files for file_name, received other data;"
                + " a table is divided by a column, as in split: {group: customer}");
    }

    /** Where an example is for people who look for it. @param example from 0 */
    default String place(int example) {
        return "example " + (example + 1);
    }

    /** Nothing is known. */
    static Keys none() {
        return new Keys() {};
    }

    /** Of one column under any name. @param values one an example; null where missing */
    static Keys ofColumn(List<@Nullable String> values) {
        return new Keys() {
            @Override
            public List<@Nullable String> column(String name) {
                return values;
            }
        };
    }

    /** What a dataset says itself. */
    static Keys of(Dataset dataset) {
        if (dataset instanceof Subset part) {
            return of(part.dataset()).select(part.indices());
        }
        return dataset instanceof Keys keys ? keys : none();
    }

    /** Those of some of the examples. */
    default Keys select(int[] indices) {
        Keys all = this;
        return new Keys() {
            @Override
            public List<@Nullable String> column(String name) {
                List<@Nullable String> values = all.column(name);
                return Arrays.stream(indices)
                        .<@Nullable String>mapToObj(values::get)
                        .toList();
            }

            @Override
            public String place(int example) {
                return all.place(indices[example]);
            }

            @Override
            public List<String> fileNames() {
                List<String> values = all.fileNames();
                return Arrays.stream(indices).mapToObj(values::get).toList();
            }
        };
    }
}
