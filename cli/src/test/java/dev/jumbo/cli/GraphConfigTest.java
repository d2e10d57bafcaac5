package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.Graph;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import dev.jumbo.train.Evaluator;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.metrics.Metrics;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GraphConfigTest {
    private static final String TWO = """
        - graph:
            inputs: [left, right]
            nodes:
              - {name: seen, layer: {dense: 4}, inputs: [left]}
              - {name: both, layer: concatenate, inputs: [seen, right]}
              - {name: label, layer: {dense: 2}, inputs: [both]}
            outputs: [label]
        """;

    @Test
    void a_graph_of_two_inputs_from_a_file_is_trained_and_loaded_again(@TempDir Path dir) {
        Layer model = model(TWO);

        assertThat(model).isInstanceOf(Graph.class);
        assertThat(model.outputs(Specs.of(List.of(Shape.of(3), Shape.of(1)))).shapes())
                .containsExactly(Shape.of(2));
        Checkpoint best = Trainer.of(model)
                .epochs(30)
                .batchSize(8)
                .seed(1)
                .saveTo(dir)
                .build()
                .fit(data());
        assertThat(Evaluator.evaluate(best, data(), Metrics.accuracy())).containsEntry("accuracy", 1.0);
    }

    @Test
    void layers_behind_such_a_graph_take_its_output() {
        Layer model = model(TWO + "- flatten\n- {dense: 7}\n");

        assertThat(model.outputs(Specs.of(List.of(Shape.of(3), Shape.of(1)))).shapes())
                .containsExactly(Shape.of(7));
    }

    @Test
    void a_graph_of_one_input_stays_a_layer_of_the_row_as_in_earlier_runs() {
        Layer model =
                model("- graph: {inputs: [x], nodes: [{name: y, layer: {dense: 2}, inputs: [x]}], outputs: [y]}\n");

        assertThat(model).isInstanceOf(Sequential.class);
    }

    @Test
    void layers_behind_a_graph_of_two_outputs_are_refused_with_what_to_do() {
        assertThatThrownBy(() -> model(TWO.replace("[label]", "[label, both]") + "- {dense: 7}\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("put them into the graph as nodes");
    }

    private static Layer model(String layers) {
        String yaml = "data: {dataset: digits}\nmodel:\n  layers:\n" + layers.indent(4);
        return Objects.requireNonNull(RunConfig.parse("graph.yaml", yaml).model())
                .layer();
    }

    /** Right is 1 where the second input is above 0. */
    private static Dataset data() {
        float[] left = new float[3 * 32];
        float[] right = new float[32];
        long[] ids = new long[32];
        for (int i = 0; i < 32; i++) {
            right[i] = i % 2 == 0 ? 1.5f : -1.5f;
            ids[i] = i % 2 == 0 ? 1 : 0;
        }
        return ArrayDataset.of(
                List.of(
                        ArrayDataset.column(Field.floats("left", Shape.of(3)), left),
                        ArrayDataset.column(Field.floats("right", Shape.of(1)), right)),
                List.of(ArrayDataset.column(Field.classId("label", List.of("no", "yes")), ids)));
    }
}
