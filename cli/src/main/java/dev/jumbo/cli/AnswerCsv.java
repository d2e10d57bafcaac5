package dev.jumbo.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import de.siegmar.fastcsv.writer.CsvWriter;
import dev.jumbo.error.FailureException;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.answer.OutputAnswer;
import dev.jumbo.train.answer.OutputMeaning;
import dev.jumbo.train.answer.Prediction;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers as a table with a header: the columns to keep, or {@code input} where none is kept, then of each output
 *
 * <pre>{@code
 * one class:  label, probability, probability_CLASS for each class
 * labels:     labels (a JSON list), probability_LABEL for each label
 * numbers:    value, or value_0, value_1, ... where there are several
 * positions:  labels, probabilities (JSON lists)
 * }</pre>
 *
 * with {@code OUTPUT_} in front where a model has several outputs, and {@code error} where examples are marked.
 */
final class AnswerCsv implements AnswerFormat {
    private final CsvWriter csv;
    private final Kept kept;
    private final boolean marks;
    private final Predictor predictor;
    private final Consumer<String> say;
    private @Nullable List<String> columns;
    private int width;

    AnswerCsv(Writer out, char delimiter, Kept kept, boolean marks, Predictor predictor, Consumer<String> say) {
        csv = CsvWriter.builder().fieldSeparator(delimiter).build(out);
        this.kept = kept;
        this.marks = marks;
        this.predictor = predictor;
        this.say = say;
    }

    @Override
    public void write(Example example, @Nullable Prediction prediction) {
        List<String> own = columns;
        if (own == null) {
            own = begin(example);
        }
        List<String> record = new ArrayList<>();
        if (kept.isEmpty()) {
            record.add(example.name());
        } else {
            boolean read = !example.given().isEmpty();
            if (read) {
                kept.requireIn(example.given().keySet(), example.name());
            }
            own.forEach(name -> record.add(read ? Kept.text(example, name) : ""));
        }
        if (prediction == null) {
            for (int i = 0; i < width; i++) {
                record.add("");
            }
        } else {
            int i = 0;
            for (OutputAnswer answer : prediction.outputs().values()) {
                add(record, answer, predictor.outputs().get(i++).elements());
            }
        }
        if (marks) {
            record.add(example.error() == null ? "" : example.name() + ": " + example.error());
        }
        csv.writeRecord(record);
    }

    /** The header alone, of a table without rows. @param names its columns */
    void writeHeader(List<String> names) {
        Map<String, @Nullable Object> none = new LinkedHashMap<>();
        names.forEach(name -> none.put(name, null));
        kept.requireIn(none.keySet(), "the input");
        begin(Example.of("", none));
    }

    void flush() {
        try {
            csv.flush();
        } catch (IOException e) {
            throw new FailureException("cannot write the answers: " + e.getMessage(), e);
        }
    }

    private List<String> begin(Example first) {
        List<String> own = kept.of(first);
        columns = own;
        List<String> answers = new ArrayList<>();
        List<OutputMeaning> meanings = predictor.decoder().meanings();
        for (int i = 0; i < meanings.size(); i++) {
            String prefix =
                    meanings.size() == 1 ? "" : predictor.outputs().get(i).name() + "_";
            int elements = predictor.outputs().get(i).elements();
            names(meanings.get(i), elements).forEach(name -> answers.add(prefix + name));
        }
        width = answers.size();
        if (marks) {
            answers.add("error");
        }
        List<String> header = new ArrayList<>(kept.isEmpty() ? List.of("input") : own);
        if (answers.stream().anyMatch(header::contains)) {
            say.accept("columns of the answer are named predicted_..., as the table has columns of the same names");
            answers.replaceAll(name -> "predicted_" + name);
        }
        header.addAll(answers);
        csv.writeRecord(header);
        return own;
    }

    private static List<String> names(OutputMeaning meaning, int elements) {
        List<String> names = new ArrayList<>();
        if (meaning instanceof OutputMeaning.Labels labels) {
            names.add("labels");
            labels.names().forEach(name -> names.add("probability_" + name));
        } else if (meaning instanceof OutputMeaning.Classes classes) {
            boolean one = classes.positions().rank() == 0;
            names.addAll(one ? List.of("label", "probability") : List.of("labels", "probabilities"));
            if (one) {
                classes.names().forEach(name -> names.add("probability_" + name));
            }
        } else if (elements == 1) {
            names.add("value");
        } else {
            for (int i = 0; i < elements; i++) {
                names.add("value_" + i);
            }
        }
        return names;
    }

    /** @param most values of the output, which a row of fewer steps does not have all of */
    private static void add(List<String> record, OutputAnswer answer, int most) {
        if (answer instanceof OutputAnswer.OneClass one) {
            record.add(one.label());
            record.add(Float.toString(one.probability()));
            addAll(record, one.probabilities());
        } else if (answer instanceof OutputAnswer.Labels labels) {
            record.add(list(labels.chosen()));
            addAll(record, labels.probabilities());
        } else if (answer instanceof OutputAnswer.Numbers numbers) {
            addAll(record, numbers.values());
            for (int i = numbers.values().length; i < most; i++) {
                record.add("");
            }
        } else if (answer instanceof OutputAnswer.Positions positions) {
            record.add(list(positions.labels()));
            ArrayNode probabilities = JsonNodeFactory.instance.arrayNode();
            positions.each().forEach(one -> probabilities.add(one.probability()));
            record.add(probabilities.toString());
        }
    }

    private static String list(List<String> names) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        names.forEach(list::add);
        return list.toString();
    }

    private static void addAll(List<String> record, float[] values) {
        for (float value : values) {
            record.add(Float.toString(value));
        }
    }
}
