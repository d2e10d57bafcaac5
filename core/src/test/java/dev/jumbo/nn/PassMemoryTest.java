package dev.jumbo.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.NativeMemory;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a pass holds when it is over. */
class PassMemoryTest {
    private static final long OUTPUT = 128 * 64 * Float.BYTES;

    private static Model blocks(int count) {
        List<Layer> blocks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            blocks.add(Layers.decoderBlock(4, 256, 0));
        }
        return Model.build(Sequential.of(blocks.toArray(Layer[]::new)), Shape.of(128, 64), RandomState.of(1));
    }

    @Test
    void without_gradients_a_pass_holds_the_outputs_of_its_layers_and_nothing_of_their_insides() {
        try (Model model = blocks(6);
                Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            Tensor x = Tensor.zeros(Shape.of(1, 128, 64));
            long before = NativeMemory.liveBytes();
            Tensor y = model.forward(x, Pass.inference());
            assertThat(NativeMemory.liveBytes() - before).isLessThanOrEqualTo(6 * OUTPUT);
            assertThat(y.toFloats()).hasSize(128 * 64);
        }
    }

    @Test
    void what_a_listener_hears_can_be_read_after_the_pass() {
        try (Model model = blocks(2);
                Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            Tensor x = Tensor.zeros(Shape.of(1, 128, 64));
            List<Tensor> heard = new ArrayList<>();
            Tensor y = model.forward(x, Pass.inference().heardBy((path, in, out) -> heard.add(out.main())));
            assertThat(heard).hasSizeGreaterThan(2);
            heard.forEach(tensor -> assertThat(tensor.toFloats()).isNotEmpty());
            assertThat(model.forward(x, Pass.inference()).toFloats()).isEqualTo(y.toFloats());
        }
    }
}
