package dev.jumbo.nn.layers;

import static dev.jumbo.nn.layers.Layers.add;
import static dev.jumbo.nn.layers.Layers.concatenate;
import static dev.jumbo.nn.layers.Layers.conv2d;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.globalAvgPool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.Summary;
import dev.jumbo.nn.layers.Graph.Node;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Values and gradients of a graph are compared in {@link LayerFixturesTest}. */
class GraphTest {
    private static Graph branches() {
        return Graph.of(g -> {
            String image = g.input("image");
            String table = g.input("table");
            String seen = g.add("seen", Sequential.of(conv2d(4, 3), globalAvgPool()), image);
            String known = g.add("known", dense(4), table);
            g.output(g.add("label", dense(10), g.add("both", concatenate(), seen, known)));
            g.output(g.add("value", dense(1), seen));
        });
    }

    @Test
    void inputs_and_outputs_keep_their_order() {
        Specs inputs = Specs.of(List.of(Shape.of(3, 8, 8), Shape.of(5)));
        assertThat(branches().outputs(inputs).shapes()).containsExactly(Shape.of(10), Shape.of(1));
        try (Scope scope = Scope.open();
                Model model = Model.build(branches(), inputs, RandomState.of(1))) {
            Tensors ys = model.forward(
                    Tensors.of(List.of(Tensor.randn(Shape.of(2, 3, 8, 8)), Tensor.randn(Shape.of(2, 5)))),
                    Pass.inference());
            assertThat(ys.names()).containsExactly("label", "value");
            assertThat(ys.all().stream().map(Tensor::shape)).containsExactly(Shape.of(2, 10), Shape.of(2, 1));
            assertThat(model.state()).containsKeys("seen.layers.0.weight", "known.bias", "label.weight", "value.bias");
        }
    }

    @Test
    void nodes_may_be_listed_in_any_order() {
        Graph graph = new Graph(
                List.of("x"),
                List.of(
                        new Node("sum", add(), List.of("b", "x")),
                        new Node("b", dense(3), List.of("a")),
                        new Node("a", dense(2), List.of("x"))),
                List.of("sum"));
        assertThat(graph.nodes().stream().map(Node::name)).containsExactly("a", "b", "sum");
        assertThat(graph.outputShape(Shape.of(3))).isEqualTo(Shape.of(3));
    }

    @Test
    void a_graph_with_one_input_and_output_is_a_layer_like_others() {
        Graph wide = Graph.of(g -> {
            String x = g.input("x");
            g.output(g.add("both", concatenate(), g.add("left", dense(2), x), g.add("right", dense(3), x)));
        });
        Sequential model = Sequential.of(wide, dense(4));
        assertThat(model.outputShape(Shape.of(7))).isEqualTo(Shape.of(4));
        assertThat(Summary.of(model, Specs.of(Shape.of(7))).rows().stream().map(Summary.Row::path))
                .containsExactly("layers.0.left", "layers.0.right", "layers.0.both", "layers.1");
        assertThat(model.flops(Shape.of(7))).isEqualTo(2 * 7 * 2 + 2 * 7 * 3 + 2 * 5 * 4);
    }

    @Test
    void an_unknown_name_is_answered_with_the_nearest() {
        assertThatThrownBy(() -> Graph.of(g -> {
                    g.input("image");
                    g.output(g.add("label", dense(2), "imgae"));
                }))
                .isInstanceOf(InputException.class)
                .hasMessage("graph: the input of \"label\" \"imgae\" is not the name of an input or node"
                        + " (did you mean \"image\"?)");
        assertThatThrownBy(() -> new Graph(List.of("x"), List.of(), List.of("y")))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("graph: the output \"y\"");
    }

    @Test
    void a_name_is_used_once() {
        assertThatThrownBy(() -> Graph.of(g -> g.output(g.add("x", dense(2), g.input("x")))))
                .isInstanceOf(InputException.class)
                .hasMessage("graph: two inputs or nodes are named \"x\"");
    }

    @Test
    void a_cycle_is_refused_with_its_nodes() {
        assertThatThrownBy(() -> new Graph(
                        List.of("x"),
                        List.of(
                                new Node("a", add(), List.of("x", "b")),
                                new Node("b", dense(2), List.of("a")),
                                new Node("c", dense(2), List.of("x"))),
                        List.of("c")))
                .isInstanceOf(InputException.class)
                .hasMessage("graph: expected no cycle, received one through [a, b]");
    }

    @Test
    void a_shape_that_does_not_fit_is_named_by_its_node() {
        assertThatThrownBy(() -> branches().outputs(Specs.of(List.of(Shape.of(3, 2, 8), Shape.of(5)))))
                .isInstanceOf(ShapeException.class)
                .hasMessageStartingWith("seen.layers.0: expected an image [C, H, W]");
        assertThatThrownBy(() -> branches().outputs(Specs.of(Shape.of(3, 8, 8))))
                .isInstanceOf(ShapeException.class)
                .hasMessage("expected 2 inputs [image, table], received 1 [x]");
        assertThatThrownBy(() -> Sequential.of(dense(2), branches()).outputShape(Shape.of(5)))
                .isInstanceOf(ShapeException.class)
                .hasMessage("layers.1: expected 2 inputs [image, table], received 1 [x]");
    }
}
