package dev.jumbo.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.data.digits.Digits;
import dev.jumbo.error.FailureException;
import dev.jumbo.models.ArticleCnn;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.Evaluator;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.callbacks.Callback;
import dev.jumbo.train.callbacks.TrainingState;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.metrics.Metrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The test of {@link Doctor}: seconds of computing and of training, whose results must be right. */
final class SelfTest {
    private static final int SIZE = 2048;
    private static final int PRODUCTS = 8;
    private static final int TRAIN = 3000;
    private static final int EPOCHS = 2;
    private static final int TEST = 500;

    private static final String STOPPED = "training_stopped";

    /** Guessing is right in one of ten; one epoch on this machine's own digits reaches far more. */
    private static final double LEARNED = 0.6;

    /** On a busy machine, products and training stop early: the test is about ten seconds everywhere. */
    private static final double PRODUCTS_SECONDS = 1;

    private static final double TRAINING_SECONDS = 5;

    private SelfTest() {}

    /** Speed of products of square matrices, in fp32 and in bf16. */
    static void matrixProducts(ObjectNode report) {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            Tensor a = Tensor.randn(Shape.of(SIZE, SIZE));
            Tensor b = Tensor.randn(Shape.of(SIZE, SIZE));
            report.put("gemm_fp32", rate(() -> Functional.linear(a, b, null)));
            Tensor lowA = a.to(DType.BFLOAT16);
            Tensor lowB = b.to(DType.BFLOAT16);
            report.put("gemm_bf16", rate(() -> Functional.linear(lowA, lowB, null)));
        }
    }

    private static String rate(Runnable product) {
        double best = Double.MAX_VALUE;
        double spent = 0;
        for (int i = 0; i < PRODUCTS && spent < PRODUCTS_SECONDS; i++) {
            try (Scope scope = Scope.open()) {
                long start = System.nanoTime();
                product.run();
                double seconds = (System.nanoTime() - start) / 1e9;
                best = Math.min(best, seconds);
                spent += seconds;
            }
        }
        return String.format(Locale.ROOT, "%.0f GFLOP/s", 2.0 * SIZE * SIZE * SIZE / best / 1e9);
    }

    /** A small network on a few digits, from initialisation to the evaluation of its checkpoint. */
    static void training(ObjectNode report) {
        Digits digits = Digits.draw(TRAIN, TEST, 0);
        Path directory = null;
        try {
            directory = Files.createTempDirectory("jumbo-doctor");
            Clock clock = new Clock();
            Checkpoint checkpoint = Trainer.of(new ArticleCnn(10).layer())
                    .epochs(EPOCHS)
                    .batchSize(64)
                    .seed(1)
                    .saveTo(directory)
                    .callback(clock)
                    .build()
                    .fit(digits.train());
            double accuracy = Evaluator.evaluate(checkpoint, digits.test(), Metrics.accuracy())
                    .getOrDefault("accuracy", Double.NaN);
            report.put("training", String.format(Locale.ROOT, "%,.0f examples/s", clock.examples / clock.seconds));
            report.put("accuracy", accuracy);
            if (clock.examples < (long) EPOCHS * TRAIN) {
                report.put(STOPPED, "after " + clock.examples + " examples: too slow or too busy a machine to judge");
            }
        } catch (IOException e) {
            throw new FailureException("cannot write to the directory for temporary files: " + e, e);
        } finally {
            remove(directory);
        }
    }

    /** Stops training when its time is up. */
    private static final class Clock implements Callback {
        private long examples;
        private double seconds;

        @Override
        public boolean showsProgress() {
            return true;
        }

        @Override
        public void onStep(TrainingState state) {
            examples = state.examples();
            seconds = state.seconds();
            if (seconds > TRAINING_SECONDS) {
                state.stop("the time of the self-test is up");
            }
        }
    }

    /** @throws FailureException if the network has not learned, though it had the time */
    static void requireLearned(ObjectNode report) {
        if (report.has(STOPPED)) {
            return;
        }
        double accuracy = report.path("accuracy").asDouble();
        if (!(accuracy >= LEARNED)) {
            throw new FailureException("the self-test failed: expected an accuracy of at least " + LEARNED
                    + " after training, received " + accuracy + ": the native libraries do not compute rightly here");
        }
    }

    private static void remove(@Nullable Path directory) {
        if (directory == null) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new FailureException("cannot remove " + directory + ": " + e, e);
        }
    }
}
