package dev.jumbo.train.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Answer;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.Evaluator;
import dev.jumbo.train.Task;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.ModelFile;
import dev.jumbo.train.metrics.BootstrapInterval;
import dev.jumbo.train.metrics.CalibrationBins;
import dev.jumbo.train.metrics.ConfusionMatrix;
import dev.jumbo.train.metrics.Metric;
import dev.jumbo.train.metrics.OutputMetric;
import dev.jumbo.train.metrics.Predictions;
import dev.jumbo.train.metrics.RowMetric;
import dev.jumbo.train.metrics.Thresholds;
import dev.jumbo.train.objective.Supervised;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that is said of a checkpoint on a part of the data: figures with bootstrap intervals; of a classifier also
 * precision, recall, F1 and support of each class, the confusion matrix, and curves of each class against the rest.
 *
 * @param figures the loss and metrics by name
 * @param intervals of the metrics by name; empty where none were asked for, or there are too many predictions to keep
 * @param names of the classes; empty where the model does not classify
 * @param classes null where the model does not classify, or by more than {@link #MOST_CLASSES}
 * @param matrix likewise
 * @param predictions of all rows; null where they are too many to keep
 * @param outputs of a model with several, the report of each by the name of its target; names, classes, matrix and predictions
 *     above are those of the first
 */
public record EvaluationReport(
        Map<String, Double> figures,
        Map<String, BootstrapInterval> intervals,
        List<String> names,
        @Nullable ClassificationReport classes,
        @Nullable ConfusionMatrix matrix,
        @Nullable Predictions predictions,
        Map<String, EvaluationReport> outputs) {
    /** How many sets of rows are drawn for an interval unless another number is asked for. */
    public static final int RESAMPLES = 1000;

    /** Classes of a table and a matrix, at most: those of a vocabulary are counted by metrics alone. */
    public static final int MOST_CLASSES = 1000;

    /** Classes of a chart, at most: more lines or cells cannot be told apart. */
    public static final int MOST_DRAWN = 100;

    private static final double CONFIDENCE = 0.95;
    private static final int CALIBRATION_BINS = 15;
    /** Output values that are copied for the intervals of one metric that is no mean of rows: some seconds. */
    private static final long BUDGET = 400_000_000;

    private static final int LEAST_RESAMPLES = 100;

    /**
     * Measures a checkpoint.
     *
     * @param batch examples of one forward pass
     * @param metrics figures beside the loss; null for what the targets ask for
     * @param resamples for each interval, 0 for none; at least 100 but fewer than asked for where a metric that is no mean
     *     of rows would take long on so many rows
     * @param seed what is drawn derives from it
     * @throws InputException if the data does not fit the model
     */
    public static EvaluationReport of(
            Checkpoint checkpoint, Dataset data, int batch, @Nullable List<Metric> metrics, int resamples, long seed) {
        if (resamples < 0) {
            throw new InputException("expected 0 or more resamples for intervals, received " + resamples);
        }
        List<Metric> measured = Evaluator.metrics(checkpoint, data, metrics);
        List<Output> outputs = Output.of(checkpoint, data.size());
        Map<String, Double> figures = Evaluator.measureEach(
                checkpoint,
                data,
                batch,
                measured,
                (output, rows) -> outputs.get(output).add(rows));
        if (outputs.size() == 1) {
            return outputs.get(0).report(figures, measured, resamples, seed);
        }
        Map<String, EvaluationReport> each = new LinkedHashMap<>();
        Map<String, BootstrapInterval> intervals = new LinkedHashMap<>();
        for (Output output : outputs) {
            EvaluationReport report = output.report(output.own(figures), output.own(measured), resamples, seed);
            report.intervals().forEach((name, of) -> intervals.put(output.target() + "/" + name, of));
            each.put(output.target(), report);
        }
        EvaluationReport first = each.values().iterator().next();
        return new EvaluationReport(
                figures, intervals, first.names, first.classes, first.matrix, first.predictions, each);
    }

    /**
     * What is added up of an output of the model.
     *
     * @param target name of what it is compared with
     */
    private record Output(
            String target, List<String> names, @Nullable ConfusionMatrix matrix, KeptPredictions kept) {
        /** Of each output that has a target; of the first alone where an objective is not by targets. */
        static List<Output> of(Checkpoint checkpoint, long examples) {
            ModelFile description = checkpoint.description();
            List<Field> targets = description.targets();
            boolean byTargets = description.phases(targets).first() instanceof Supervised;
            List<Shape> shapes = description.outputs().shapes();
            List<Output> outputs = new ArrayList<>();
            for (int i = 0; i < (byTargets ? targets.size() : 1); i++) {
                boolean classifies = description.lossOf(i).answer(Task.target(targets.get(i))) == Answer.CLASS;
                List<String> names = classifies ? targets.get(i).classes() : List.of();
                outputs.add(new Output(
                        targets.get(i).name(),
                        names,
                        isTabled(names) ? new ConfusionMatrix(names.size()) : null,
                        new KeptPredictions(examples * shapes.get(i).elements())));
            }
            return outputs;
        }

        void add(Supplier<Predictions> rows) {
            if (matrix == null && !kept.fit()) {
                return; // Nothing is copied then.
            }
            Predictions copied = rows.get();
            if (matrix != null) {
                matrix.add(copied);
            }
            if (kept.fit()) {
                kept.add(copied);
            }
        }

        /** The metrics of this output, under their own names. */
        List<Metric> own(List<Metric> metrics) {
            return metrics.stream()
                    .filter(metric ->
                            metric instanceof OutputMetric of && of.output().equals(target))
                    .map(metric -> ((OutputMetric) metric).metric())
                    .toList();
        }

        /** The figures of this output, and those of all. */
        Map<String, Double> own(Map<String, Double> figures) {
            Map<String, Double> own = new LinkedHashMap<>(figures);
            own.keySet().removeIf(name -> name.contains("/") && !name.startsWith(target + "/"));
            return own;
        }

        EvaluationReport report(Map<String, Double> figures, List<Metric> metrics, int resamples, long seed) {
            return EvaluationReport.of(figures, names, matrix, kept.all(), metrics, resamples, seed);
        }
    }

    /**
     * The same of predictions that are there already, without a loss.
     *
     * @param names of the classes, where the predictions are of classes; otherwise empty
     */
    public static EvaluationReport of(
            Predictions predictions, List<String> names, List<Metric> metrics, int resamples, long seed) {
        Map<String, Double> figures = new LinkedHashMap<>();
        for (Metric metric : metrics) {
            Metric.Accumulator accumulator = metric.start();
            accumulator.add(predictions);
            figures.put(metric.name(), accumulator.value());
        }
        ConfusionMatrix matrix = isTabled(names) ? ConfusionMatrix.of(predictions) : null;
        return of(figures, names, matrix, predictions, metrics, resamples, seed);
    }

    private static boolean isTabled(List<String> names) {
        return !names.isEmpty() && names.size() <= MOST_CLASSES;
    }

    private static EvaluationReport of(
            Map<String, Double> figures,
            List<String> names,
            @Nullable ConfusionMatrix matrix,
            @Nullable Predictions predictions,
            List<Metric> metrics,
            int resamples,
            long seed) {
        Map<String, BootstrapInterval> intervals = new LinkedHashMap<>();
        if (predictions != null && predictions.rows() > 0 && resamples > 0) {
            for (Metric metric : metrics) {
                intervals.put(
                        metric.name(),
                        BootstrapInterval.of(
                                metric, predictions, CONFIDENCE, resamples(metric, predictions, resamples), seed));
            }
        }
        return new EvaluationReport(
                figures,
                intervals,
                names,
                matrix == null ? null : ClassificationReport.of(matrix, names),
                matrix,
                predictions,
                Map.of());
    }

    private static int resamples(Metric metric, Predictions predictions, int wanted) {
        if (metric instanceof RowMetric) {
            return wanted;
        }
        long affordable = BUDGET / Math.max(1, (long) predictions.rows() * predictions.width());
        return (int) Math.min(wanted, Math.max(LEAST_RESAMPLES, affordable));
    }

    /** How many predictions are in no count of classes, or make a metric NaN, because they or their targets are NaN. */
    public long undefined() {
        if (matrix != null) {
            return matrix.undefined();
        }
        return predictions == null
                ? 0
                : IntStream.range(0, predictions.rows())
                        .filter(row -> counts(predictions, row) && !predictions.isDefined(row))
                        .count();
    }

    private static boolean counts(Predictions predictions, int row) {
        return predictions.counts(row) && predictions.weight(row) > 0;
    }

    /** What of the predictions is no number; empty where all are. */
    private Optional<String> left() {
        long undefined = undefined();
        if (undefined == 0) {
            return Optional.empty();
        }
        long all = matrix != null ? matrix.examples() : counted();
        String what = String.format(
                Locale.ROOT,
                "%,d of %,d examples %s no finite prediction or target (NaN)",
                undefined,
                all,
                undefined == 1 ? "has" : "have");
        return Optional.of(
                matrix == null
                        ? what + ": metrics over all of them are NaN"
                        : what + (undefined == 1 ? " and is" : " and are")
                                + " left out of the table of classes, the confusion matrix and the charts");
    }

    /** What a classifier of so many classes does not have; empty where it has all. */
    private Optional<String> leftOut() {
        if (names.size() <= MOST_DRAWN) {
            return Optional.empty();
        }
        String what = names.size() <= MOST_CLASSES
                ? "no charts of the classes, which are drawn of %,d at most"
                : "no table of the classes, confusion matrix and charts, which are made of %,d at most";
        return Optional.of(String.format(
                Locale.ROOT,
                "%,d classes: " + what,
                names.size(),
                names.size() <= MOST_CLASSES ? MOST_DRAWN : MOST_CLASSES));
    }

    private long counted() {
        return predictions == null
                ? 0
                : IntStream.range(0, predictions.rows())
                        .filter(row -> counts(predictions, row))
                        .count();
    }

    /** The figures, each with its interval, and the table of the classes. */
    public String text() {
        StringBuilder text = new StringBuilder();
        figures.forEach((name, value) -> {
            text.append(String.format(Locale.ROOT, "%-20s %.5f", name, value));
            BootstrapInterval interval = intervals.get(name);
            if (interval != null && Double.isFinite(interval.lower())) {
                text.append(String.format(
                        Locale.ROOT,
                        "   %.0f %% interval %.5f to %.5f",
                        100 * interval.confidence(),
                        interval.lower(),
                        interval.upper()));
            }
            text.append('\n');
        });
        if (classes != null && outputs.isEmpty()) {
            text.append('\n').append(classes.text(4));
        }
        outputs.forEach((name, output) -> {
            if (output.classes() != null) {
                text.append('\n')
                        .append(name)
                        .append('\n')
                        .append(output.classes().text(4));
            }
        });
        left().ifPresent(line -> text.append('\n').append(line).append('\n'));
        (outputs.isEmpty() ? Stream.of(this) : outputs.values().stream())
                .flatMap(output -> output.leftOut().stream())
                .distinct()
                .forEach(line -> text.append('\n').append(line).append('\n'));
        return text.toString();
    }

    /**
     * The same and more for machines: {@code accuracy ...} by name, {@code intervals}, {@code per_class}, {@code
     * macro_avg}, {@code weighted_avg}, {@code confusion_matrix} (rows are right classes), {@code calibration}. What has no
     * value is null. {@code undefined} is there where it is not 0: how many predictions are NaN.
     */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        figures.forEach((name, value) -> put(json, name, value));
        if (undefined() > 0) {
            json.put("undefined", undefined());
        }
        ObjectNode bounds = json.putObject("intervals");
        intervals.forEach((name, interval) -> {
            ObjectNode node = bounds.putObject(name);
            put(node, "lower", interval.lower());
            put(node, "upper", interval.upper());
            node.put("confidence", interval.confidence()).put("resamples", interval.resamples());
        });
        if (!outputs.isEmpty()) {
            ObjectNode of = json.putObject("outputs");
            outputs.forEach((name, output) -> output.putClasses(of.putObject(name)));
        }
        putClasses(json);
        return json;
    }

    /** What a classifier has beside figures. */
    private void putClasses(ObjectNode json) {
        if (classes != null && matrix != null) {
            ObjectNode each = json.putObject("per_class");
            for (ClassificationReport.Line line : classes.classes()) {
                ObjectNode node = line(each.putObject(line.name()), line);
                if (predictions != null) {
                    Thresholds thresholds = Thresholds.of(predictions, names.indexOf(line.name()));
                    put(node, "roc_auc", thresholds.rocAuc());
                    put(node, "average_precision", thresholds.averagePrecision());
                }
            }
            line(json.putObject("macro_avg"), classes.macro());
            line(json.putObject("weighted_avg"), classes.weighted());
            ObjectNode confusion = json.putObject("confusion_matrix");
            ArrayNode labels = confusion.putArray("labels");
            names.forEach(labels::add);
            ArrayNode rows = confusion.putArray("counts");
            matrix.rows().forEach(row -> {
                ArrayNode counts = rows.addArray();
                row.forEach(count -> counts.add(node(count)));
            });
            if (predictions != null) {
                calibration(json.putObject("calibration"), predictions);
            }
        }
    }

    private static ObjectNode line(ObjectNode node, ClassificationReport.Line line) {
        put(node, "precision", line.precision());
        put(node, "recall", line.recall());
        put(node, "f1", line.f1());
        return node.set("support", node(line.support()));
    }

    private static JsonNode node(Number count) {
        return count instanceof Long
                ? JsonNodeFactory.instance.numberNode(count.longValue())
                : JsonNodeFactory.instance.numberNode(count.doubleValue());
    }

    private static void calibration(ObjectNode node, Predictions predictions) {
        CalibrationBins calibration = new CalibrationBins(CALIBRATION_BINS);
        calibration.add(predictions);
        put(node, "expected_error", calibration.expectedError());
        ArrayNode bins = node.putArray("bins");
        for (CalibrationBins.Bin bin : calibration.bins()) {
            ObjectNode each = bins.addObject().put("lower", bin.lower()).put("upper", bin.upper());
            put(each.set("rows", node(ConfusionMatrix.number(bin.rows()))), "confidence", bin.confidence());
            put(each, "accuracy", bin.accuracy());
        }
    }

    private static void put(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }

    /**
     * Writes the charts of a classifier: the confusion matrix, ROC, precision over recall, and reliability, which alone has no line
     * for each class and is drawn of more than {@link #MOST_DRAWN} classes too.
     *
     * @param suffix of the files' names, as in {@code confusion_matrix_test.png}
     * @return the files; none where the model does not classify
     */
    public List<Path> saveCharts(Path directory, String suffix) {
        List<Path> files = new ArrayList<>();
        if (!outputs.isEmpty()) {
            outputs.forEach((name, output) -> files.addAll(output.saveCharts(directory, suffix + "_" + name)));
            return files;
        }
        if (matrix == null) {
            return files;
        }
        boolean draws = matrix.classes() <= MOST_DRAWN;
        if (draws) {
            Path confusion = directory.resolve("confusion_matrix" + suffix + ".png");
            ConfusionMatrixChart.save(matrix, names, confusion);
            files.add(confusion);
        }
        if (predictions != null && counted() > 0) {
            if (draws) {
                Path roc = directory.resolve("roc" + suffix + ".png");
                CurveCharts.saveRoc(predictions, names, roc);
                Path recall = directory.resolve("precision_recall" + suffix + ".png");
                CurveCharts.savePrecisionRecall(predictions, names, recall);
                files.addAll(List.of(roc, recall));
            }
            Path reliability = directory.resolve("reliability" + suffix + ".png");
            CurveCharts.saveReliability(predictions, reliability);
            files.add(reliability);
        }
        return files;
    }
}
