package dev.jumbo.onnx.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.nn.layers.Layers;
import java.util.List;
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

    @Test
    void every_layer_that_a_file_may_name_is_said() {
        assertThat(Drawings.all().keySet()).containsAll(Layers.kinds());
    }
}
