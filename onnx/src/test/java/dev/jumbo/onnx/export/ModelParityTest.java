package dev.jumbo.onnx.export;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import dev.jumbo.models.ArticleCnn;
import dev.jumbo.models.Gpt2;
import dev.jumbo.models.Llama3;
import dev.jumbo.models.Resnet50;
import dev.jumbo.models.VitB16;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.nn.adapt.Lora;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.Embedding;
import dev.jumbo.nn.layers.basic.Reshape;
import dev.jumbo.nn.layers.sequence.RopeScaling;
import dev.jumbo.onnx.run.OnnxArray;
import dev.jumbo.onnx.run.OnnxSession;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The models by name, in small sizes, and models that ONNX has no words for. */
class ModelParityTest {
    static Stream<LayerCases.Case> models() {
        Specs tokens = LayerCases.masked(Spec.ids(12).varying(0));
        Llama3 tied = new Llama3(11, 16, 16, 24, 2, 4, 2, null, 10000, null, 1e-5, false, false, true);
        RopeScaling longer = new RopeScaling(8, 1, 4, 8);
        Llama3 qwen = new Llama3(11, 16, 16, 24, 2, 4, 2, 6, 10000, longer, 1e-6, true, true, false);
        return Stream.of(
                new LayerCases.Case("article_cnn", new ArticleCnn(10).layer(), Specs.of(Shape.of(1, 28, 28))),
                new LayerCases.Case(
                        "resnet50", new Resnet50(7, List.of(1, 1, 1, 1)).layer(), Specs.of(Shape.of(3, 64, 64))),
                new LayerCases.Case(
                        "vit_b_16", new VitB16(7, 32, 8, 16, 2, 2, 24, 0).layer(), Specs.of(Shape.of(3, 32, 32))),
                new LayerCases.Case("gpt2", new Gpt2(11, 12, 16, 2, 4, 0.1).layer(), tokens),
                new LayerCases.Case(
                        "gpt2 without padding",
                        new Gpt2(11, 12, 16, 2, 4, 0.1).layer(),
                        Specs.of(Spec.ids(12).varying(0))),
                new LayerCases.Case("llama3_8b", tied.layer(), tokens),
                new LayerCases.Case(
                        "llama3_8b without padding",
                        tied.layer(),
                        Specs.of(Spec.ids(12).varying(0))),
                new LayerCases.Case("llama3_8b as qwen 3", qwen.layer(), tokens));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("models")
    void a_model_by_name_gives_the_same_in_ONNX_Runtime(LayerCases.Case one) {
        new Parity(one.layer(), one.inputs(), LayerCases.IDS).agrees(one.name(), OnnxExport.OPSET);
    }

    /** A layer of a program's own. */
    record Own() implements UnaryLayer {
        @Override
        public Shape outputShape(Shape input) {
            return input;
        }

        @Override
        public long flops(Shape input) {
            return 0;
        }

        @Override
        public UnaryNetwork build(Shape input, Parameters into) {
            return (x, pass) -> x;
        }
    }

    @Test
    void a_jar_brings_the_words_for_its_own_layers() {
        Layer layer = Sequential.of(Layers.dense(4), Layers.residual(new OwnDrawings.Scaled(0.25)), Layers.dense(2));
        new Parity(layer, Specs.of(Shape.of(3)), 0).agrees("own layer", OnnxExport.OPSET);
    }

    @Test
    void one_error_names_each_layer_that_cannot_be_said_with_its_reason() {
        Layer layer = Sequential.of(Layers.dense(4), Layers.residual(new Own()), new Own(), Layers.dense(2));
        try (Model model = Model.build(layer, Specs.of(Shape.of(3)), RandomState.of(1))) {
            assertThatThrownBy(() -> OnnxExport.of(model).model())
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("layers.1.layers.0 (Own): ")
                    .hasMessageContaining("layers.2 (Own): ")
                    .hasMessageNotContaining("layers.0 (Dense)");
        }
    }

    @Test
    void a_model_with_an_adapter_is_refused_with_the_advice_to_merge() {
        Specs in = Specs.of(Shape.of(3));
        Layer adapted = Lora.of(2, 4).in(Sequential.of(Layers.dense(4), Layers.dense(2)), in);
        try (Model model = Model.build(adapted, in, RandomState.of(1))) {
            assertThatThrownBy(() -> OnnxExport.of(model).model())
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("jumbo merge");
        }
    }

    @Test
    void a_size_that_varies_where_a_layer_has_one_is_refused() {
        Layer layer = Sequential.of(Embedding.of(5, 4), Reshape.of(-1));
        try (Model model = Model.build(layer, Specs.of(Spec.ids(6).varying(0)), RandomState.of(1))) {
            assertThatThrownBy(() -> OnnxExport.of(model).model())
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("layers.1 (Reshape): it has one size");
        }
    }

    @Test
    void an_id_that_an_embedding_does_not_know_is_refused_as_it_is_here() {
        try (Model model = Model.build(Embedding.of(5, 4), Specs.of(Spec.ids(2)), RandomState.of(1));
                OnnxSession session =
                        OnnxSession.of(OnnxExport.of(model).model().toBytes())) {
            for (long id : new long[] {-1, 5}) {
                assertThatThrownBy(() -> session.run(Map.of("x", new OnnxArray(new long[] {0, id}, 1, 2))))
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("indices element out of data bounds");
            }
        }
    }
}
