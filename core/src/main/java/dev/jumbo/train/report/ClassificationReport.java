package dev.jumbo.train.report;

import dev.jumbo.error.InputException;
import dev.jumbo.train.metrics.Average;
import dev.jumbo.train.metrics.ConfusionMatrix;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Precision, recall and F1 of each class that occurs, their means, and the accuracy; as a table in the manner of
 * scikit-learn's {@code classification_report}, or as JSON by its components.
 *
 * @param classes the classes that are right or predicted at least once
 * @param accuracy share of right predictions
 * @param macro means over these classes
 * @param weighted means weighted by support
 */
public record ClassificationReport(List<Line> classes, double accuracy, Line macro, Line weighted) {
    private static final String WIDEST = "weighted avg";

    /**
     * A line of the table.
     *
     * @param name of the class
     * @param support the weight of the examples, or their number where each counts 1, a {@code Long} then
     */
    public record Line(String name, double precision, double recall, double f1, Number support) {}

    /**
     * The report of a confusion matrix.
     *
     * @param names of all classes; empty for their numbers
     * @throws InputException if there are names, but not one for each class
     */
    public static ClassificationReport of(ConfusionMatrix matrix, List<String> names) {
        if (!names.isEmpty() && names.size() != matrix.classes()) {
            throw new InputException("expected a name for each of " + matrix.classes() + " classes, received "
                    + names.size() + " names");
        }
        List<Line> lines = Arrays.stream(matrix.present())
                .mapToObj(c -> new Line(
                        names.isEmpty() ? Integer.toString(c) : names.get(c),
                        matrix.precision(c),
                        matrix.recall(c),
                        matrix.f1(c),
                        ConfusionMatrix.number(matrix.support(c))))
                .toList();
        return new ClassificationReport(
                lines,
                matrix.accuracy(),
                mean("macro avg", matrix, Average.MACRO),
                mean(WIDEST, matrix, Average.WEIGHTED));
    }

    private static Line mean(String name, ConfusionMatrix matrix, Average average) {
        return new Line(
                name,
                matrix.precision(average),
                matrix.recall(average),
                matrix.f1(average),
                ConfusionMatrix.number(matrix.total()));
    }

    /** The table with two digits after the point. */
    public String text() {
        return text(2);
    }

    /** The table. @param digits after the point */
    public String text(int digits) {
        int width = Stream.concat(classes.stream().map(Line::name), Stream.of(WIDEST))
                .mapToInt(String::length)
                .max()
                .orElse(0);
        StringBuilder table = new StringBuilder();
        table.append(String.format(
                Locale.ROOT, "%" + width + "s  %9s %9s %9s %9s\n\n", "", "precision", "recall", "f1-score", "support"));
        String row = "%" + width + "s  %9." + digits + "f %9." + digits + "f %9." + digits + "f %9s\n";
        classes.forEach(line -> append(table, row, line));
        table.append(String.format(
                Locale.ROOT,
                "\n%" + width + "s  %9s %9s %9." + digits + "f %9s\n",
                "accuracy",
                "",
                "",
                accuracy,
                support(macro)));
        append(table, row, macro);
        append(table, row, weighted);
        return table.toString();
    }

    private static void append(StringBuilder table, String row, Line line) {
        table.append(String.format(
                Locale.ROOT, row, line.name(), line.precision(), line.recall(), line.f1(), support(line)));
    }

    private static String support(Line line) {
        return line.support() instanceof Long whole
                ? whole.toString()
                : String.format(Locale.ROOT, "%.2f", line.support().doubleValue());
    }

    @Override
    public String toString() {
        return text();
    }
}
