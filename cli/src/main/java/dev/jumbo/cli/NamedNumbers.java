package dev.jumbo.cli;

import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.table.Numbers;
import dev.jumbo.data.table.encode.RowJson;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.Predictor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What users have for a model of numbers with names of their own, as those of a stream: rows by name in all forms that {@link RecordExamples} reads, or lists
 * of the numbers in order.
 */
record NamedNumbers(Predictor predictor, Examples lists) {
    /** Takes the examples of one input. */
    void read(String input, Consumer<Example> take) {
        if (!areRows(input)) {
            lists.read(input, take);
            return;
        }
        String lower = input.toLowerCase(Locale.ROOT);
        boolean texts = lower.endsWith(".csv") || lower.endsWith(".tsv");
        new RecordExamples(fields()).read(input, row -> take.accept(numbers(row, texts)));
    }

    private List<String> names() {
        return ((Meaning.Columns) predictor.rawInputs().get(0).meaning()).names();
    }

    private List<Field> fields() {
        List<Field> fields = new ArrayList<>();
        names().forEach(name -> fields.add(Field.doubles(name, Shape.of())));
        return fields;
    }

    /** @param texts whether the file knows no other values: a text is a number there, and nothing is none */
    private Example numbers(Example example, boolean texts) {
        if (example.error() != null) {
            return example;
        }
        Map<String, @Nullable Object> row = new LinkedHashMap<>(example.row());
        for (String name : names()) {
            if (texts && row.get(name) instanceof String text) {
                double number = Numbers.parse(text);
                row.put(name, text.isBlank() ? null : Double.isNaN(number) ? text : (Object) number);
            }
        }
        try {
            return example.with(predictor.numbersByName(List.of(row)));
        } catch (InputException e) {
            return example.failed(String.valueOf(e.getMessage()));
        }
    }

    /** Whether names stand in it: all but JSON that begins as a list of numbers. */
    private static boolean areRows(String input) {
        if (InlineRows.isOne(input)) {
            return RowJson.isLikely(input.getBytes(StandardCharsets.UTF_8));
        }
        try {
            if (input.equals(Examples.STDIN)) {
                return startsAsRows();
            }
            Path file = Path.of(input);
            boolean json = input.toLowerCase(Locale.ROOT).endsWith(".json") && Files.isRegularFile(file);
            return !json || RowJson.isLikely(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new FailureException("cannot read " + input + ": " + e, e);
        }
    }

    /** Of standard input, which is left as it was. */
    private static boolean startsAsRows() throws IOException {
        int most = 1 << 12;
        System.in.mark(most);
        byte[] start = System.in.readNBytes(most);
        System.in.reset();
        return RowJson.isLikely(start);
    }
}
