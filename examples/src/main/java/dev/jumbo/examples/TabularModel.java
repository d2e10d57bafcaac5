package dev.jumbo.examples;

import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.train.metrics.Metrics.accuracy;
import static dev.jumbo.train.metrics.Metrics.rocAuc;
import static dev.jumbo.train.optim.Optimizers.adamw;

import dev.jumbo.data.clean.Cleaned;
import dev.jumbo.data.clean.Cleaner;
import dev.jumbo.data.clean.steps.Action;
import dev.jumbo.data.clean.steps.Duplicates;
import dev.jumbo.data.clean.steps.NormalizeText;
import dev.jumbo.data.clean.steps.ValidRange;
import dev.jumbo.data.split.Splits;
import dev.jumbo.data.split.TrainingSplit;
import dev.jumbo.data.table.ColumnType;
import dev.jumbo.data.table.encode.TableDataset;
import dev.jumbo.data.table.encode.TableEncoder;
import dev.jumbo.data.table.encode.TableLayout;
import dev.jumbo.data.table.read.CsvFile;
import dev.jumbo.data.table.read.Quarantine;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.train.Evaluator;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.answer.Prediction;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Who will cancel? From a dirty CSV file to an answer for one customer: read, cleaned with a report, encoded by what the
 * training split says, trained, measured, asked.
 *
 * <p>Usage: {@code TabularModel [DIRECTORY] [ROWS] [EPOCHS]}
 */
public final class TabularModel {
    private static final String MISSING = "?";

    private TabularModel() {}

    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args.length > 0 ? args[0] : "runs/tabular-model");
        int rows = args.length > 1 ? Integer.parseInt(args[1]) : 5000;
        int epochs = args.length > 2 ? Integer.parseInt(args[2]) : 20;

        Files.createDirectories(directory);
        Path csv = directory.resolve("customers.csv");
        Files.write(csv, customers(rows));

        Cleaned cleaned;
        try (Quarantine malformed = Quarantine.to(directory.resolve("malformed.csv"))) {
            cleaned = Cleaner.of(
                            new NormalizeText(List.of("plan"), true, true, true),
                            ValidRange.numbers("age", 16, 120, Action.MISSING),
                            Duplicates.rows())
                    .clean(CsvFile.of(csv).withMissing(MISSING).read(malformed));
            System.out.println(
                    cleaned.report().withMalformed(malformed.reasons()).text());
        }
        TableLayout layout = TableLayout.of(cleaned.table(), Map.of("id", ColumnType.IGNORE), "cancelled");
        TrainingSplit parts = Splits.stratified(
                TableDataset.of(cleaned.table(), layout),
                0.2,
                RandomState.of(42).derive("test"));

        Trainer trainer = Trainer.of(Sequential.of(dense(32, RELU), dense(16, RELU), dense(2)))
                .optimizer(adamw(3e-3))
                .metrics(accuracy())
                .fitPreprocessing(train -> TableEncoder.standard().fit(train, layout, List.of(MISSING)))
                .epochs(epochs)
                .batchSize(64)
                .validationSplit(0.1)
                .seed(42)
                .saveTo(directory.resolve("run"))
                .build();
        Checkpoint best = trainer.fit(parts.train());
        System.out.println(Evaluator.evaluate(best, parts.validation(), accuracy(), rocAuc()));
        ask(best, Map.of("age", "31", "plan", "basic", "months", "4", "calls", "6"));
    }

    /** The checkpoint knows the columns, the categories and the scale. */
    private static void ask(Checkpoint checkpoint, Map<String, String> customer) {
        try (Predictor predictor = Predictor.of(checkpoint)) {
            Prediction answer = predictor.answerRows(List.of(customer)).rows().get(0);
            System.out.printf(Locale.ROOT, "%s: cancels with probability %.2f%n", customer, answer.probability("yes"));
        }
    }

    /** A file as they come: missing values, spellings, impossible ages, rows twice, a record cut short. */
    private static List<String> customers(int rows) {
        SplittableRandom random = new SplittableRandom(42);
        List<String> plans = List.of("basic", "Basic", "plus", "family");
        List<String> lines = new ArrayList<>();
        lines.add("id,age,plan,months,calls,cancelled");
        for (int i = 0; i < rows; i++) {
            int age = random.nextInt(18, 80);
            String plan = plans.get(random.nextInt(plans.size()));
            int months = random.nextInt(1, 60);
            int calls = random.nextInt(0, 8);
            double score = 0.7 * calls - 0.08 * months + (plan.equalsIgnoreCase("basic") ? 0.8 : -0.4) - 0.5;
            boolean cancelled = random.nextDouble() < 1 / (1 + Math.exp(-score));
            String known = random.nextDouble() < 0.03 ? MISSING : Integer.toString(age);
            String[] fields = {
                Integer.toString(i),
                i % 200 == 7 ? "999" : known,
                plan,
                Integer.toString(months),
                Integer.toString(calls),
                cancelled ? "yes" : "no"
            };
            String line = String.join(",", fields);
            lines.add(line);
            if (i % 250 == 11) {
                lines.add(line);
            }
        }
        lines.add(rows + ",44,plus");
        return lines;
    }
}
