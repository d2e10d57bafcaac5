package dev.jumbo.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.tensor.NativeMemory;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.metrics.Metrics;
import dev.jumbo.train.metrics.Predictions;
import dev.jumbo.train.optim.Optimizers;
import dev.jumbo.train.report.EvaluationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A language model of GPT-2's vocabulary and context: one example has outputs of 206 MB. */
class EvaluationMemoryTest {
    private static final int VOCABULARY = 50_257;
    private static final int CONTEXT = 1_024;

    @TempDir
    Path directory;

    private static Dataset tokens(int examples) {
        SplittableRandom random = new SplittableRandom(1);
        long[] ids = new long[examples * CONTEXT];
        long[] next = new long[examples * CONTEXT];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = random.nextInt(VOCABULARY);
            next[i] = i % 5 == 0 ? -100 : random.nextInt(VOCABULARY);
        }
        return ArrayDataset.of(
                List.of(ArrayDataset.column(Field.ids("tokens", Shape.of(CONTEXT)), ids)),
                List.of(ArrayDataset.column(Field.ids("next", Shape.of(CONTEXT)), next)));
    }

    /** The most resident memory since the last call, in bytes. */
    private static long peak() throws IOException {
        long peak = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
        Files.writeString(Path.of("/proc/self/clear_refs"), "5");
        return peak;
    }

    @Test
    void a_large_vocabulary_is_trained_and_evaluated_in_bounded_memory() throws IOException {
        assumeTrue(Files.isWritable(Path.of("/proc/self/clear_refs")));
        TrainerBuilder trainer = Trainer.of(Sequential.of(Layers.embedding(VOCABULARY, 4), Layers.dense(VOCABULARY)))
                .optimizer(Optimizers.sgd(0.1))
                .loss(Losses.sequenceCrossEntropy(-100))
                .metrics(Metrics.accuracy(), Metrics.perplexity(), Metrics.topK(5))
                .epochs(1)
                .batchSize(1)
                .saveTo(directory.resolve("run"));
        Checkpoint trained = trainer.build().fit(tokens(1));
        Dataset data = tokens(6);
        long before = NativeMemory.residentBytes();
        peak();
        EvaluationReport report = EvaluationReport.of(
                trained,
                data,
                ValidationBatch.of(
                        trainer.batchSize(32).config(),
                        data.inputs(),
                        trained.description().outputs().shapes(),
                        1),
                List.of(Metrics.accuracy(), Metrics.perplexity(), Metrics.topK(5)),
                100,
                1);
        long most = peak() - before;
        assertThat(report.figures()).containsKeys("loss", "accuracy", "perplexity", "top_5_accuracy");
        assertThat(report.intervals()).isEmpty();
        // Outputs, what the loss makes of them, and parts of 32 MB for the metrics.
        assertThat(most).isLessThan(800L << 20);
    }

    @Test
    void figures_of_parts_are_those_of_all_rows_at_once() {
        try (Scope scope = Scope.open()) {
            Checkpoint trained = Trainer.of(Sequential.of(Layers.embedding(VOCABULARY, 4), Layers.dense(VOCABULARY)))
                    .optimizer(Optimizers.sgd(1))
                    .loss(Losses.sequenceCrossEntropy(-100))
                    .metrics(List.of())
                    .epochs(1)
                    .batchSize(1)
                    .saveTo(directory.resolve("parts"))
                    .build()
                    .fit(tokens(1));
            var accuracy = Metrics.topK(3).start();
            var logLoss = Metrics.logLoss().start();
            Map<String, Double> figures = Evaluator.evaluate(
                    trained, tokens(1), 1, List.of(Metrics.topK(3), Metrics.logLoss()), (Predictions rows) -> {
                        accuracy.add(rows);
                        logLoss.add(rows);
                    });
            assertThat(figures.get("top_3_accuracy")).isEqualTo(accuracy.value());
            assertThat(figures.get("log_loss")).isCloseTo(logLoss.value(), Offset.offset(1e-9));
            assertThat(figures.get("log_loss")).isCloseTo(figures.get("loss"), Offset.offset(1e-4));
        }
    }
}
