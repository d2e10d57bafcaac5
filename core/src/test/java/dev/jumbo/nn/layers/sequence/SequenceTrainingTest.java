package dev.jumbo.nn.layers.sequence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.tensor.NativeMemory;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Torch;
import dev.jumbo.train.optim.GradientClipping;
import dev.jumbo.train.optim.OptimizerState;
import dev.jumbo.train.optim.Optimizers;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A small task that needs the memory of a sequence: to say the id of the step before. */
class SequenceTrainingTest {
    private static final int IDS = 5;
    private static final int STEPS = 8;
    private static final int BATCH = 32;

    private static final int THREADS = Torch.threads();

    /** On tensors this small, threads that wait for each other on a busy machine are most of the time. */
    @BeforeAll
    static void useOneThread() {
        Torch.setThreads(1);
    }

    @AfterAll
    static void useThreadsAsBefore() {
        Torch.setThreads(THREADS);
    }

    @ParameterizedTest
    @CsvSource({"transformer, false", "transformer, true", "lstm, false", "lstm, true", "gru, false", "gru, true"})
    void learns_to_repeat_the_step_before(String kind, boolean bf16) {
        SplittableRandom random = new SplittableRandom(7);
        Loss loss = Losses.sequenceCrossEntropy(-1);
        loss.check(Shape.of(STEPS, IDS), Shape.of(STEPS));
        try (Model model = Model.build(layer(kind), Shape.of(STEPS), RandomState.of(5))) {
            model.store().prepareTraining(bf16);
            double last = Double.NaN;
            int live = -1;
            try (OptimizerState optimizer = Optimizers.adamw(0.01).build(model.store())) {
                for (int step = 0; step < 100; step++) {
                    last = step(model, loss, optimizer, random);
                    live = step == 2 ? NativeMemory.liveTensors() : live;
                }
                assertThat(NativeMemory.liveTensors()).isEqualTo(live);
            }
            // Guessing gives log 5 = 1.6.
            assertThat(last).isLessThan(0.5);
        }
    }

    private static double step(Model model, Loss loss, OptimizerState optimizer, SplittableRandom random) {
        long[] ids = random.longs((long) BATCH * STEPS, 0, IDS).toArray();
        long[] before = new long[ids.length];
        for (int i = 0; i < ids.length; i++) {
            before[i] = i % STEPS == 0 ? -1 : ids[i - 1];
        }
        try (Scope scope = Scope.open()) {
            Shape shape = Shape.of(BATCH, STEPS);
            model.store().zeroGradients();
            Tensor outputs = model.forward(Tensor.of(ids, shape), Pass.forTraining());
            Tensor value = loss.of(outputs, Tensor.of(before, shape));
            value.backward();
            model.store().gatherGradients();
            GradientClipping.byNorm(1).apply(model.store().gradients());
            optimizer.step(0.01);
            return value.item();
        }
    }

    private static Layer layer(String kind) {
        Layer embedding = Layers.embedding(IDS, 16);
        Layer label = Layers.dense(IDS);
        return switch (kind) {
            case "lstm" -> Sequential.of(embedding, new Lstm(24, true, false, 1, 0), label);
            case "gru" -> Sequential.of(embedding, new Gru(24, true, false, 1, 0), label);
            default ->
                Sequential.of(
                        embedding,
                        Layers.positionalEmbedding(STEPS),
                        Layers.decoderBlock(2, 32, 0),
                        Layers.layerNorm(),
                        label);
        };
    }
}
