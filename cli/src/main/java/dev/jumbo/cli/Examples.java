package dev.jumbo.cli;

import dev.jumbo.data.Field;
import dev.jumbo.data.image.Images;
import dev.jumbo.data.table.encode.RowJson;
import dev.jumbo.data.table.encode.RowReader;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.model.RawReader;
import dev.jumbo.train.Predictor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What users have, as the raw values that a model takes: image files and folders of them, JSON, tables. Examples come one
 * after the other, however many a file has.
 *
 * @param raw the model's first raw input
 * @param rows reads rows by column name, where the model takes a table's
 * @param files reads files of tables, likewise
 */
record Examples(
        Field raw, @Nullable RowReader rows, @Nullable TableFiles files) {
    /** Standard input in place of a file. */
    static final String STDIN = "-";

    static Examples of(Predictor predictor) {
        RowReader rows = predictor.rows();
        return of(predictor, rows == null ? null : new TableFiles(rows, TableFiles.Form.TRAINED));
    }

    static Examples of(Predictor predictor, @Nullable TableFiles files) {
        return new Examples(predictor.rawInputs().get(0), predictor.rows(), files);
    }

    /** Images, where the model takes them. */
    RawReader images() {
        return RawReader.images(raw, rows != null);
    }

    /** Lists of numbers. */
    RawReader json() {
        return RawReader.numbers();
    }

    /** Takes the examples of one input: a file, a folder of pictures, standard input, or JSON as it stands. */
    void read(String input, Consumer<Example> take) {
        if (InlineRows.isOne(input)) {
            json(input, input.getBytes(StandardCharsets.UTF_8), take);
        } else if (input.equals(STDIN)) {
            stdin(take);
        } else {
            file(Path.of(input), take);
        }
    }

    private void file(Path path, Consumer<Example> take) {
        String name =
                path.getFileName() == null ? "" : path.getFileName().toString().toLowerCase(Locale.ROOT);
        if (Files.isDirectory(path)) {
            folder(path, take);
            return;
        }
        if (!Files.isRegularFile(path)) {
            throw new InputException(path + ": there is no such file; give "
                    + (files == null
                            ? "images, a folder of them, .json files, or numbers as in '[0.1, 2]'"
                            : ".csv, .jsonl, .parquet or .json files, - for standard input, or columns as in"
                                    + " '{\"age\": 39}'"));
        }
        if (name.endsWith(".json")) {
            json(path.toString(), bytes(path), take);
        } else if (files != null) {
            files.read(path, path.toString(), take);
        } else {
            picture(path, bytes(path), take);
        }
    }

    private void folder(Path path, Consumer<Example> take) {
        if (files != null) {
            throw new InputException(path + ": expected a file with rows of a table, received a folder");
        }
        new FolderFiles(path, "PNG or JPEG", Images::isPicture).read((file, content) -> picture(file, content, take));
    }

    private void picture(Path file, byte[] content, Consumer<Example> take) {
        String name = file.toString();
        double[] values;
        try {
            values = images().read(content, raw);
        } catch (InputException e) {
            take.accept(Example.bad(name, String.valueOf(e.getMessage())));
            return;
        }
        take.accept(Example.of(name, values));
    }

    /** Standard input: JSON, or a table, or a picture. A table is copied to a temporary file, so that it need not fit into memory. */
    private void stdin(Consumer<Example> take) {
        try {
            Path copy = Files.createTempFile("jumbo-stdin", ".tmp");
            try {
                Files.copy(System.in, copy, StandardCopyOption.REPLACE_EXISTING);
                byte[] start = start(copy);
                boolean json = start.length > 0 && (start[0] == '{' || start[0] == '[');
                if (start.length == 0) {
                    throw new InputException("expected rows, JSON or a picture on standard input, received nothing");
                }
                if (json && (files == null || !files.isLines(copy))) {
                    json(STDIN, bytes(copy), take);
                } else if (files != null) {
                    tableOfStdin(files, copy, json, take);
                } else {
                    take.accept(Example.of(STDIN, images().read(bytes(copy), raw)));
                }
            } finally {
                Files.deleteIfExists(copy);
            }
        } catch (IOException e) {
            throw new FailureException("cannot read standard input: " + e, e);
        }
    }

    /** Its rows are named by the minus sign that was given, its mistakes by what it is. */
    private static void tableOfStdin(TableFiles files, Path copy, boolean json, Consumer<Example> take) {
        try {
            files.read(copy, STDIN, json, take);
        } catch (InputException e) {
            String message = String.valueOf(e.getMessage());
            throw new InputException(message.replaceAll("(?<=^|in |at |read )-(?=[: ,]|$)", "standard input"), e);
        }
    }

    private static byte[] start(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            byte[] some = in.readNBytes(64);
            int at = 0;
            while (at < some.length && Character.isWhitespace(some[at])) {
                at++;
            }
            return Arrays.copyOfRange(some, at, some.length);
        }
    }

    private void json(String name, byte[] body, Consumer<Example> take) {
        try {
            if (rows != null) {
                RowJson given = RowJson.read(body);
                List<String> names = InlineRows.names(name, given.rows().size(), given.list());
                for (int i = 0; i < names.size(); i++) {
                    take.accept(Example.of(names.get(i), given.rows().get(i)));
                }
                return;
            }
            RawReader.Examples given = json().readAll(body, raw);
            List<Example> all = new ArrayList<>();
            List<String> names = InlineRows.names(name, given.rows(), given.list());
            for (int i = 0; i < given.rows(); i++) {
                int each = raw.elements();
                all.add(Example.of(names.get(i), Arrays.copyOfRange(given.values(), i * each, (i + 1) * each)));
            }
            all.forEach(take);
        } catch (InputException e) {
            String place = name.equals(STDIN) ? "standard input" : name;
            throw new InputException(place + ": " + e.getMessage(), e);
        }
    }

    static double[] doubles(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new FailureException("cannot read " + file + ": " + e, e);
        }
    }
}
