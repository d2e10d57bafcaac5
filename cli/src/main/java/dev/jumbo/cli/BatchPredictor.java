package dev.jumbo.cli;

import dev.jumbo.data.Column;
import dev.jumbo.data.Field;
import dev.jumbo.data.table.encode.RowReader;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.model.InputRows;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.answer.Answers;
import dev.jumbo.train.answer.Prediction;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Answers examples in batches: so many are in memory at once, however many there are. */
final class BatchPredictor {
    private static final int MOST_ROWS = 512;

    /** The most raw values of a batch: 16 MB of images and the like. */
    private static final int MOST_VALUES = 1 << 21;

    private final Predictor predictor;
    private final boolean marks;
    private final BiConsumer<Example, @Nullable Prediction> answers;
    private final int most;
    private final List<Example> batch = new ArrayList<>();
    private long good;
    private long bad;
    private long unseen;
    private @Nullable String firstBad;
    private @Nullable String firstUnseen;

    /**
     * @param marks whether an example that cannot be predicted is passed on with its error; if not, it ends all
     * @param answers receives every example in its order; no prediction where it has an error
     */
    BatchPredictor(Predictor predictor, boolean marks, BiConsumer<Example, @Nullable Prediction> answers) {
        this.predictor = predictor;
        this.marks = marks;
        this.answers = answers;
        most = Math.max(
                1,
                Math.min(
                        MOST_ROWS,
                        MOST_VALUES / Math.max(elements(predictor.rawInputs()), elements(predictor.inputs()))));
    }

    private static int elements(List<Field> fields) {
        return fields.stream().mapToInt(Field::elements).sum();
    }

    /** Whether there was no example at all, not even one with an error. */
    boolean isEmpty() {
        return good + bad == 0;
    }

    void add(Example example) {
        batch.add(example);
        if (batch.size() == most) {
            flush();
        }
    }

    /** Answers what is left, and says what should be known of all. */
    void end(Consumer<String> say) {
        flush();
        if (good + bad == 0) {
            say.accept("0 rows: the input has columns and nothing behind them");
        }
        if (bad > 0) {
            say.accept(bad + " of " + (good + bad) + " examples could not be predicted and are marked; the first: "
                    + firstBad);
        }
        if (unseen > 0) {
            say.accept(unseen + " of " + (good + bad) + " rows have values that training did not have; the first: "
                    + firstUnseen);
        }
    }

    private void flush() {
        List<Example> checked = new ArrayList<>();
        List<Example> fine = new ArrayList<>();
        List<double[]> values = new ArrayList<>();
        List<List<String>> warnings = new ArrayList<>();
        RowReader reader = predictor.rows();
        RowReader.Read read = reader == null
                ? null
                : reader.read(batch.stream().map(Example::row).toList());
        for (int i = 0; i < batch.size(); i++) {
            Example example = batch.get(i);
            String refused = read == null ? null : read.refused().get(i);
            if (example.error() == null && refused != null) {
                example = example.failed(refused);
            }
            checked.add(example);
            if (example.error() == null) {
                fine.add(example);
                values.add(read == null ? example.values() : read.row(i));
                warnings.add(read == null ? List.of() : read.warnings().get(i));
            } else if (!marks) {
                throw new InputException(example.place() + ": " + example.error());
            }
        }
        batch.clear();
        List<Object> predicted = predict(fine, values);
        int next = 0;
        for (Example example : checked) {
            if (example.error() != null) {
                mark(example);
                continue;
            }
            List<String> ofRow = warnings.get(next);
            if (predicted.get(next++) instanceof Prediction prediction) {
                good++;
                List<String> own = ofRow.isEmpty() ? prediction.warnings() : ofRow;
                if (!own.isEmpty()) {
                    unseen++;
                    firstUnseen = firstUnseen == null ? example.place() + ": " + own.get(0) : firstUnseen;
                }
                answers.accept(example, own.isEmpty() ? prediction : prediction.withWarnings(own));
            } else {
                mark(example.failed(String.valueOf(predicted.get(next - 1))));
            }
        }
    }

    /** For each a prediction, or a text that says why there is none. */
    private List<Object> predict(List<Example> examples, List<double[]> values) {
        if (examples.isEmpty()) {
            return List.of();
        }
        try {
            return List.copyOf(answers(examples, values).rows());
        } catch (InputException e) {
            // One of them: each alone says which.
            List<Object> each = new ArrayList<>();
            for (int i = 0; i < examples.size(); i++) {
                try {
                    each.add(answers(examples.subList(i, i + 1), values.subList(i, i + 1))
                            .rows()
                            .get(0));
                } catch (InputException own) {
                    if (!marks) {
                        throw new InputException(
                                examples.get(i).place() + ": " + examples.get(i).refused(own), own);
                    }
                    each.add(examples.get(i).refused(own));
                }
            }
            return each;
        }
    }

    private Answers answers(List<Example> examples, List<double[]> values) {
        if (!examples.get(0).columns().isEmpty()) {
            List<?> joined = InputRows.join(
                    examples.stream().<List<?>>map(Example::columns).toList());
            return predictor.answerColumns(
                    joined.stream().map(Column.class::cast).toList());
        }
        if (predictor.takesSequences()) {
            String name = predictor.rawInputs().get(0).name();
            return predictor.answerSequences(examples.stream()
                    .map(example -> (Object) example.row().get(name))
                    .toList());
        }
        return predictor.takesRecords()
                ? predictor.answerRows(examples.stream().map(Example::row).toList())
                : predictor.answerRaw(joined(values), examples.size());
    }

    private static double[] joined(List<double[]> values) {
        int each = values.get(0).length;
        double[] all = new double[values.size() * each];
        for (int i = 0; i < values.size(); i++) {
            System.arraycopy(values.get(i), 0, all, i * each, each);
        }
        return all;
    }

    private void mark(Example example) {
        bad++;
        firstBad = firstBad == null ? example.place() + ": " + example.error() : firstBad;
        answers.accept(example, null);
    }
}
