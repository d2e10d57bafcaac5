package dev.jumbo.nn;

import static dev.jumbo.nn.layers.Layers.decoderBlock;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.embedding;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.adapt.Changes;
import dev.jumbo.nn.adapt.Lora;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.Dense;
import dev.jumbo.nn.layers.sequence.GroupedQueryAttention;
import dev.jumbo.nn.layers.sequence.LlamaBlock;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PartsTest {
    private static final Specs IDS = Specs.of(Shape.of(6));
    private static final Sequential MODEL =
            Sequential.of(embedding(10, 8), decoderBlock(2, 16, 0), decoderBlock(2, 16, 0), dense(10));

    /** Another layer beside the one that is there: an adapter. */
    record Beside(Layer there, int rank) implements Layer {
        @Override
        public Specs outputs(Specs in) {
            return there.outputs(in);
        }

        @Override
        public long flops(Specs in) {
            return Part.flops(parts(in));
        }

        @Override
        public List<Operation> work(Specs in, Compute how) {
            return Cost.of(parts(in), how);
        }

        @Override
        public List<Part> parts(Specs in) {
            Layer down = new Dense(rank, Activation.LINEAR, false, Initializers.glorotUniform(), Initializers.zeros());
            Layer up = new Dense(
                    (int) outputs(in).main().shape().size(-1),
                    Activation.LINEAR,
                    false,
                    Initializers.zeros(),
                    Initializers.zeros());
            return List.of(
                    new Part("there", there, in), new Part("down", down, in), new Part("up", up, down.outputs(in)));
        }

        @Override
        public Network build(Specs in, Parameters into) {
            List<Network> built = parts(in).stream()
                    .map(part -> into.build(part.path(), part.layer(), part.inputs()))
                    .toList();
            return (xs, pass) -> {
                Tensor around = built.get(2).forward(built.get(1).forward(xs.main(), pass), pass);
                return Tensors.of(built.get(0).forward(xs, pass).main().add(around));
            };
        }
    }

    @Test
    void every_part_is_reached_by_the_path_of_its_parameters() {
        List<String> paths =
                Parts.all(MODEL, IDS).stream().map(Layer.Part::path).toList();
        assertThat(paths)
                .contains("layers.0", "layers.1", "layers.1.self_attn", "layers.2.linear2", "layers.3")
                .hasSize(14);
        assertThat(Parts.at(MODEL, IDS, "layers.2.linear1").inputs().main().shape())
                .isEqualTo(Shape.of(6, 8));
        assertThatThrownBy(() -> Parts.at(MODEL, IDS, "layers.2.linear3"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("did you mean \"layers.2.linear");
    }

    @Test
    void a_model_whose_adapters_are_taken_out_is_described_as_before() {
        Layer model = Sequential.of(
                embedding(10, 8),
                decoderBlock(2, 16, 0),
                new LlamaBlock(GroupedQueryAttention.of(2, 1, 10_000), 16, 1e-6, false, Map.of()),
                dense(10));
        Layer adapted = Lora.of(2, 4).in(model, IDS);
        assertThat(adapted).isNotEqualTo(model);
        assertThat(Changes.of(adapted, IDS).none()).isEqualTo(model);
    }

    @Test
    void an_adapter_inside_a_transformer_block_starts_where_the_model_was() {
        Layer adapted = Parts.swap(MODEL, IDS, "layers.1.linear1", layer -> new Beside(layer, 2));
        try (Scope scope = Scope.open();
                Model plain = Model.build(MODEL, IDS, RandomState.of(3));
                Model model = Model.build(adapted, IDS, RandomState.of(3))) {
            assertThat(model.state())
                    .containsKeys(
                            "layers.1.linear1.there.weight",
                            "layers.1.linear1.down.weight",
                            "layers.1.linear1.up.weight")
                    .doesNotContainKey("layers.1.linear1.weight");
            TreeMap<String, Tensor> named = new TreeMap<>(model.state());
            plain.state().forEach((name, tensor) -> named.put(name.replace("linear1.", "linear1.there."), tensor));
            plain.state().keySet().stream()
                    .filter(name -> name.contains("layers.2.linear1"))
                    .forEach(name -> {
                        named.remove(name.replace("linear1.", "linear1.there."));
                        named.put(name, plain.state().get(name));
                    });
            model.load(named);
            Tensor ids = Tensor.of(new long[] {1, 2, 3, 4, 5, 6}, Shape.of(1, 6));
            assertThat(model.forward(ids, Pass.inference()).toFloats())
                    .isEqualTo(plain.forward(ids, Pass.inference()).toFloats());
        }
        long added = parameters(adapted) - parameters(MODEL);
        assertThat(added).isEqualTo(2 * 8 + 2 * 16);
    }

    private static long parameters(Layer layer) {
        return Cost.of(layer, IDS, Compute.CPU).stream()
                .mapToLong(Operation::parameters)
                .sum();
    }

    @Test
    void a_layer_that_makes_something_else_does_not_fit() {
        assertThatThrownBy(() -> Parts.swap(MODEL, IDS, "layers.2.linear2", layer -> dense(9)))
                .isInstanceOf(ShapeException.class)
                .hasMessage("layers.2.linear2: expected a layer that makes [6, 8] of [6, 16], received [6, 9]");
    }

    @Test
    void a_pass_is_heard_by_path() {
        try (Scope scope = Scope.open();
                Model model = Model.build(MODEL, IDS, RandomState.of(3))) {
            List<String> heard = new ArrayList<>();
            Tensor ids = Tensor.of(new long[12], Shape.of(2, 6));
            model.forward(
                    ids,
                    Pass.inference()
                            .heardBy((path, in, out) -> heard.add(path + " "
                                    + in.main().shape() + " " + out.main().shape())));
            assertThat(heard)
                    .hasSize(14)
                    .contains("layers.0 [2, 6] [2, 6, 8]", "layers.1.self_attn [2, 6, 8] [2, 6, 8]")
                    .contains("layers.2.linear1 [2, 6, 8] [2, 6, 16]", "layers.3 [2, 6, 8] [2, 6, 10]");
        }
    }
}
