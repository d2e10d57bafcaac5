package dev.jumbo.onnx.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.basic.LoraDense;
import dev.jumbo.nn.layers.sequence.LoraAttention;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LayerParityTest {
    static List<LayerCases.Case> cases() {
        return LayerCases.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void a_layer_gives_the_same_in_ONNX_Runtime(LayerCases.Case one) {
        new Parity(one.layer(), one.inputs(), LayerCases.IDS).agrees(one.name(), OnnxExport.OPSET);
    }

    /** What differs between versions: reductions, Gelu. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void a_layer_gives_the_same_in_the_newest_version(LayerCases.Case one) {
        new Parity(one.layer(), one.inputs(), LayerCases.IDS).agrees(one.name(), OnnxExport.NEWEST_OPSET);
    }

    /** A model with an adapter is refused as a whole (ModelParityTest). */
    @Test
    void every_layer_that_a_file_may_name_is_said_but_those_of_adapters() {
        Set<Class<? extends Layer>> others = new HashSet<>(Layers.kinds());
        others.removeAll(List.of(LoraDense.class, LoraAttention.class));
        assertThat(Drawings.all().keySet()).containsAll(others);
    }
}
