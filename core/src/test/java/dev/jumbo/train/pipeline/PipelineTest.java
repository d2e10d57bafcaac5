package dev.jumbo.train.pipeline;

import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.layers.Layers.conv2d;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.flatten;
import static dev.jumbo.nn.layers.Layers.maxPool2d;
import static dev.jumbo.nn.layers.Layers.relu;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.dist.ThreadWorlds;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.Stage;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.tensor.NativeMemory;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PipelineTest {
    private static final Shape INPUT = Shape.of(1, 14, 14);
    private static final int ROWS = 22;
    private static final RandomState SEED = RandomState.of(4);

    /** Every cut parts some pair of layers that is built differently together. */
    private static final Sequential LAYERS =
            Sequential.of(conv2d(6, 3, RELU), maxPool2d(2), flatten(), dense(40), relu(), dense(30, RELU), dense(10));

    @ParameterizedTest(name = "{0} stages, {1} micro-batches")
    @CsvSource({"1, 3", "2, 1", "2, 4", "3, 2", "3, 5", "7, 4"})
    void has_the_loss_and_the_gradients_of_one_process(int stages, int parts) {
        Map<String, float[]> expected = new LinkedHashMap<>();
        double loss;
        try (Model whole = Model.build(LAYERS, INPUT, SEED)) {
            whole.store().prepareTraining(false);
            try (Scope scope = Scope.open()) {
                Tensor mean =
                        Losses.crossEntropy().of(whole.forward(inputs(0, ROWS), Pass.forTraining()), targets(0, ROWS));
                mean.backward();
                loss = mean.item();
                whole.store().gradientsByName().forEach((name, g) -> expected.put(name, g.toFloats()));
            }
        }
        Map<String, float[]> received = new LinkedHashMap<>();
        List<Model> models = models(stages);
        List<Double> losses = ThreadWorlds.run(stages, world -> {
            Model model = models.get(world.rank());
            model.store().prepareTraining(false);
            return new Pipeline(world, model).run(new Parts(parts));
        });
        try (Scope scope = Scope.open()) {
            models.forEach(m -> m.store().gradientsByName().forEach((name, g) -> received.put(name, g.toFloats())));
        }
        models.forEach(Model::close);

        assertThat(losses.get(stages - 1)).isCloseTo(loss, within(1e-5 * loss));
        assertThat(received.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, gradient) -> {
            float largest = 0;
            for (float g : gradient) {
                largest = Math.max(largest, Math.abs(g));
            }
            assertThat(received.get(name)).as(name).containsExactly(gradient, within(1e-5f * largest));
        });
    }

    @Test
    void has_the_first_values_and_names_of_the_whole_model() {
        try (Model whole = Model.build(LAYERS, INPUT, SEED);
                Scope scope = Scope.open()) {
            List<Model> models = models(3);
            Map<String, float[]> received = new LinkedHashMap<>();
            models.forEach(m -> m.state().forEach((name, tensor) -> received.put(name, tensor.toFloats())));
            models.forEach(Model::close);
            assertThat(received.keySet()).isEqualTo(whole.state().keySet());
            whole.state()
                    .forEach((name, tensor) ->
                            assertThat(received.get(name)).as(name).isEqualTo(tensor.toFloats()));
        }
    }

    @Test
    void balances_the_stages() {
        Sequential equal = Sequential.of(dense(8), dense(8), dense(8), dense(8), dense(8), dense(8));
        assertThat(Stage.split(equal, Specs.of(Shape.of(8)), 3))
                .extracting(Stage::to)
                .containsExactly(2, 4, 6);
        Sequential first = Sequential.of(dense(100), dense(8), dense(8), dense(8));
        assertThat(Stage.split(first, Specs.of(Shape.of(100)), 2))
                .extracting(Stage::to)
                .containsExactly(1, 4);
    }

    @Test
    void refuses_more_stages_than_layers() {
        assertThatThrownBy(() -> Stage.split(LAYERS, Specs.of(INPUT), 8))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("at least 8 layers")
                .hasMessageContaining("received 7");
    }

    @Test
    void frees_what_a_step_has_needed() {
        List<Model> models = models(2);
        models.forEach(model -> model.store().prepareTraining(false));
        int before = NativeMemory.liveTensors();
        ThreadWorlds.run(2, world -> {
            Pipeline pipeline = new Pipeline(world, models.get(world.rank()));
            for (int i = 0; i < 3; i++) {
                pipeline.run(new Parts(4));
            }
            return 0;
        });
        assertThat(NativeMemory.liveTensors()).isEqualTo(before);
        models.forEach(Model::close);
    }

    /** Made one after the other, as their first values come from libtorch's only generator. */
    private static List<Model> models(int stages) {
        List<Model> models = new ArrayList<>();
        for (Stage stage : Stage.split(LAYERS, Specs.of(INPUT), stages)) {
            models.add(Model.build(stage, stage.input(), SEED));
        }
        return models;
    }

    /** The batch in parts whose sizes differ by one at most. */
    private record Parts(int count) implements Pipeline.MicroBatches {
        @Override
        public int rows(int index) {
            return end(index) - end(index - 1);
        }

        private int end(int index) {
            return ROWS * (index + 1) / count;
        }

        @Override
        public Tensor inputs(int index) {
            return PipelineTest.inputs(end(index - 1), rows(index));
        }

        @Override
        public Tensor loss(int index, Tensor outputs) {
            return Losses.crossEntropy()
                    .of(outputs, targets(end(index - 1), rows(index)))
                    .mul((double) rows(index) / ROWS);
        }
    }

    private static Tensor inputs(int from, int rows) {
        int size = (int) INPUT.elements();
        float[] values = new float[rows * size];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(0.37 * (from * size + i));
        }
        return Tensor.of(values, Shape.of(rows, 1, 14, 14));
    }

    private static Tensor targets(int from, int rows) {
        long[] classes = new long[rows];
        for (int i = 0; i < rows; i++) {
            classes[i] = (from + i) % 10;
        }
        return Tensor.of(classes, Shape.of(rows));
    }
}
