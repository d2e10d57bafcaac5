package dev.jumbo.cli;

import dev.jumbo.data.Field;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.data.image.Images;
import dev.jumbo.data.table.TableEncoding;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.RawReader;
import dev.jumbo.train.Predictor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What users have, as the raw values that a model takes: image files, JSON, tables.
 *
 * @param raw the model's first raw input
 * @param rows rows by column name, where the model takes a table's
 */
record Examples(Field raw, @Nullable TableRows rows) {
    private static final int IMAGE_RANK = 3;

    static Examples of(Predictor predictor, Preprocessing preprocessing) {
        return new Examples(
                predictor.rawInputs().get(0),
                preprocessing instanceof TableEncoding encoding ? new TableRows(encoding) : null);
    }

    /** Images, where the model takes them. */
    RawReader images() {
        if (raw.shape().rank() == IMAGE_RANK) {
            return (body, field) -> doubles(Images.decode(body, field.shape()));
        }
        return RawReader.refusing(
                rows == null ? "a JSON list of " + raw.elements() + " numbers" : "a JSON object with the columns");
    }

    /** JSON: an object of columns for a table, a list of numbers otherwise. */
    RawReader json() {
        return rows == null ? RawReader.numbers() : (body, field) -> rows.object(body);
    }

    /** The examples of one input, a file or JSON as it stands, by the name that answers give them. */
    Map<String, double[]> read(String input) {
        String name = input.toLowerCase(Locale.ROOT);
        if (rows != null && !isInline(input) && (name.endsWith(".csv") || name.endsWith(".csv.gz"))) {
            return rows.csv(Path.of(input));
        }
        boolean json = isInline(input) || name.endsWith(".json");
        try {
            byte[] body = isInline(input) ? input.getBytes(StandardCharsets.UTF_8) : bytes(Path.of(input));
            return Map.of(input, (json ? json() : images()).read(body, raw));
        } catch (InputException e) {
            throw new InputException(input + ": " + e.getMessage(), e);
        }
    }

    static double[] doubles(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    private static boolean isInline(String input) {
        return input.startsWith("[") || input.startsWith("{");
    }

    private static byte[] bytes(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new InputException(
                    "there is no such file; give images, .json or .csv files, numbers as in '[0.1, 2]',"
                            + " or columns as in '{\"age\": 39}'");
        }
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new FailureException("cannot read " + file + ": " + e, e);
        }
    }
}
