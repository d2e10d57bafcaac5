package dev.jumbo.cli;

import dev.jumbo.data.Column;
import dev.jumbo.data.Field;
import dev.jumbo.data.arrays.ArrayColumns;
import dev.jumbo.data.arrays.ArrayFile;
import dev.jumbo.error.InputException;
import dev.jumbo.train.Predictor;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Files of named arrays, as users have them for a model of numbers or ids with one input or several: an array for each input by its name, the
 * examples along the first dimension. Arrays of the model's outputs may stand there too.
 */
record ArrayExamples(Predictor predictor) {
    /** Whether a file is one by its name. */
    static boolean isOne(String input) {
        String name = input.toLowerCase(Locale.ROOT);
        return name.endsWith(".npz") || name.endsWith(".safetensors");
    }

    /** Whether nothing but such a file will do. */
    static boolean needs(Predictor predictor) {
        return predictor.rows() == null
                && !predictor.takesRecords()
                && predictor.rawInputs().size() > 1;
    }

    /** Takes the examples of a file. */
    void read(String file, Consumer<Example> take) {
        requireArrays();
        ArrayColumns all;
        try (ArrayFile arrays = ArrayFile.open(Path.of(file))) {
            all = ArrayColumns.read(
                    arrays,
                    file,
                    predictor.rawInputs(),
                    predictor.outputs().stream().map(Field::name).toList());
        }
        for (int row = 0; row < all.errors().size(); row++) {
            String name = file + ":" + row;
            String error = all.errors().get(row);
            int at = row;
            List<Column> own =
                    all.columns().stream().map(column -> column.slice(at, 1)).toList();
            take.accept(error == null ? Example.of(name, own) : Example.bad(name, error));
        }
    }

    private void requireArrays() {
        if (predictor.rows() != null || predictor.takesRecords()) {
            throw new InputException("expected " + (predictor.rows() != null ? "a table" : "texts or files")
                    + " for this model, received a file of arrays; give .csv, .jsonl or .parquet");
        }
    }

    /** Refuses another input than a file of arrays, where there are several fields to be told apart. */
    InputException refused(String input) {
        return new InputException(input + ": expected a file .npz or .safetensors with the arrays "
                + predictor.rawInputs().stream()
                        .map(field -> field.name() + " "
                                + field.shape()
                                        .toString()
                                        .replaceFirst("\\[", field.shape().rank() == 0 ? "[N" : "[N, "))
                        .collect(Collectors.joining(", "))
                + " for this model of " + predictor.rawInputs().size()
                + " inputs; numpy.savez(\"new.npz\", name=array, ...) makes one");
    }
}
