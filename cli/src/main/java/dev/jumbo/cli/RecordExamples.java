package dev.jumbo.cli;

import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.image.Images;
import dev.jumbo.data.sound.Wav;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TableColumn;
import dev.jumbo.data.table.encode.RowJson;
import dev.jumbo.data.table.read.CsvFile;
import dev.jumbo.data.table.read.JsonLines;
import dev.jumbo.data.table.read.ParquetFile;
import dev.jumbo.data.table.read.Quarantine;
import dev.jumbo.data.table.read.TableSource;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What users have for a model of texts, files or numbers by name: JSON as it stands, files of rows, standard input, and for a model of one file the file. A text
 * is a text wherever it stands, NA and null too: what is not there is missing.
 *
 * @param inputs the model's raw inputs
 */
record RecordExamples(List<Field> inputs) {
    /** Takes the examples of one input. */
    void read(String input, Consumer<Example> take) {
        if (InlineRows.isOne(input)) {
            json(input, input.getBytes(StandardCharsets.UTF_8), take);
        } else if (input.equals(Examples.STDIN)) {
            stdin(take);
        } else {
            file(Path.of(input), input, take);
        }
    }

    private void file(Path path, String name, Consumer<Example> take) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (Files.isDirectory(path)) {
            folder(path, take);
            return;
        }
        if (!Files.isRegularFile(path)) {
            throw new InputException(name + ": there is no such file; give .jsonl, .csv, .parquet or .json files, - for"
                    + " standard input, or rows as in '" + shown() + "'");
        }
        if (lower.endsWith(".json")) {
            json(name, bytes(path), take);
        } else if (lower.endsWith(".jsonl") || lower.endsWith(".ndjson")) {
            table(JsonLines.of(path).withMissing(), name, take);
        } else if (lower.endsWith(".parquet")) {
            table(ParquetFile.of(path).withMissing(), name, take);
        } else if (lower.endsWith(".tsv")) {
            table(CsvFile.of(path).withDelimiter("\t").withMissing(), name, take);
        } else if (lower.endsWith(".csv")) {
            table(CsvFile.of(path).withMissing(), name, take);
        } else if (inputs.size() == 1 && isFile(inputs.get(0))) {
            take.accept(Example.of(name, Map.of(inputs.get(0).name(), bytes(path))));
        } else {
            throw new InputException(name + ": expected a .jsonl, .csv, .tsv, .parquet or .json file with "
                    + inputs.stream().map(Field::name).toList());
        }
    }

    /** Of a model of one file: each file in the folder is an example. */
    private void folder(Path path, Consumer<Example> take) {
        Field field = inputs.get(0);
        if (inputs.size() > 1 || !isFile(field)) {
            throw new InputException(path + ": expected a .jsonl, .csv, .tsv, .parquet or .json file with "
                    + inputs.stream().map(Field::name).toList() + ", received a folder");
        }
        boolean sound = field.meaning() instanceof Meaning.Waveform;
        boolean picture = field.meaning() instanceof Meaning.Image;
        String kind = sound ? "WAV" : picture ? "PNG or JPEG" : "non-empty";
        new FolderFiles(
                        path,
                        kind,
                        content ->
                                sound ? Wav.isWav(content) : picture ? Images.isPicture(content) : content.length > 0)
                .read((file, content) -> take.accept(Example.of(file.toString(), Map.of(field.name(), content))));
    }

    private String shown() {
        return "{\"" + inputs.get(0).name() + "\": \""
                + (isFile(inputs.get(0)) ? "a file" : inputs.get(0).isBytes() ? "a text" : "a number") + "\"}";
    }

    private static boolean isFile(Field field) {
        return field.isBytes() && !(field.meaning() instanceof Meaning.Text);
    }

    private void json(String name, byte[] body, Consumer<Example> take) {
        try {
            RowJson given = RowJson.records(body);
            List<String> names = InlineRows.names(name, given.rows().size(), given.list());
            for (int i = 0; i < names.size(); i++) {
                accept(names.get(i), given.rows().get(i), take);
            }
        } catch (InputException e) {
            throw new InputException(
                    (name.equals(Examples.STDIN) ? "standard input" : name) + ": " + e.getMessage(), e);
        }
    }

    private void table(TableSource source, String name, Consumer<Example> take) {
        Quarantine malformed = Quarantine.counting();
        Table table = source.read(malformed);
        for (Field field : inputs) {
            if (field.isBytes()) {
                table.column(field.name()); // Refuses a name that is none, with the nearest.
            }
        }
        Set<String> texts =
                inputs.stream().filter(Field::isBytes).map(Field::name).collect(Collectors.toSet());
        for (int r = 0; r < table.rows(); r++) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            for (int c = 0; c < table.columns().size(); c++) {
                String column = table.names().get(c);
                TableColumn values = table.columns().get(c);
                // What came as a number has no marks that cleaning could read in another way.
                row.put(column, texts.contains(column) ? values.text(r) : values.value(r));
            }
            accept(name + ":" + table.sourceRow(r), row, take);
        }
        malformed.samples().forEach(bad -> take.accept(Example.bad(name + ":" + bad.line(), bad.reason())));
    }

    /** Names of files, as tables have them, become their content: only here, never in a server. */
    private void accept(String name, Map<String, ? extends @Nullable Object> row, Consumer<Example> take) {
        Map<String, @Nullable Object> read = new LinkedHashMap<>(row);
        Map<String, String> files = new LinkedHashMap<>();
        for (Field field : inputs) {
            if (isFile(field) && row.get(field.name()) instanceof String file) {
                Path path = Path.of(file);
                if (!Files.isRegularFile(path)) {
                    take.accept(Example.bad(
                            name,
                            "expected a file as \"" + field.name() + "\", there is none at " + file
                                    + "; names are relative to the current directory"));
                    return;
                }
                read.put(field.name(), bytes(path));
                files.put(field.name(), file);
            }
        }
        take.accept(Example.of(name, read, files).keeping(row));
    }

    private void stdin(Consumer<Example> take) {
        try {
            String all = new String(System.in.readAllBytes(), StandardCharsets.UTF_8).strip();
            String first = all.lines().findFirst().orElse("").strip();
            if (all.lines().count() > 1 && first.startsWith("{") && first.endsWith("}")) {
                long number = 0;
                for (String line : all.lines().toList()) {
                    number++;
                    if (!line.isBlank()) {
                        json(Examples.STDIN + ":" + number, line.getBytes(StandardCharsets.UTF_8), take);
                    }
                }
                return;
            }
            json(Examples.STDIN, all.getBytes(StandardCharsets.UTF_8), take);
        } catch (IOException e) {
            throw new FailureException("cannot read standard input: " + e, e);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new FailureException("cannot read " + file + ": " + e, e);
        }
    }
}
