package dev.jumbo.nn.layers;

import static dev.jumbo.nn.Activation.LINEAR;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.config.Kind;
import dev.jumbo.config.Records;
import dev.jumbo.config.YamlFile;
import dev.jumbo.nn.Initializer;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.basic.Dense;
import dev.jumbo.nn.layers.conv.Conv2d;
import dev.jumbo.nn.layers.conv.Padding;
import dev.jumbo.nn.layers.conv.Size2d;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** How layers look in {@code model.json} and in a configuration. */
class LayerFilesTest {
    private static final Records RECORDS =
            Records.of().with(Layer.class, Layers.kinds()).with(Initializer.class, Initializers.kinds());

    @TestFactory
    Stream<DynamicTest> every_layer_is_read_back_as_it_was_written() {
        return FixtureLayers.byName().entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(e.getKey() + " is read back as it was written", () -> {
                    JsonNode tree = RECORDS.write(Layer.class, e.getValue());
                    assertThat(read(tree.toString())).isEqualTo(e.getValue());
                }));
    }

    @TestFactory
    Stream<DynamicTest> what_a_file_leaves_out_is_as_in_the_static_factory() {
        Map<String, Layer> shortForms = new LinkedHashMap<>();
        shortForms.put("dense: 10", Layers.dense(10));
        shortForms.put("conv1d: {filters: 8, kernel_size: 3}", Layers.conv1d(8, 3, LINEAR));
        shortForms.put("conv2d: {filters: 8, kernel_size: 3}", Layers.conv2d(8, 3));
        shortForms.put("depthwise_conv2d: 3", Layers.depthwiseConv2d(3, LINEAR));
        shortForms.put("separable_conv2d: {filters: 8, kernel_size: 3}", Layers.separableConv2d(8, 3, LINEAR));
        shortForms.put("conv1d_transpose: {filters: 8, kernel_size: 3}", Layers.conv1dTranspose(8, 3, 1, LINEAR));
        shortForms.put("conv2d_transpose: {filters: 8, kernel_size: 3}", Layers.conv2dTranspose(8, 3, 1, LINEAR));
        shortForms.put("max_pool1d: 2", Layers.maxPool1d(2));
        shortForms.put("max_pool2d: 2", Layers.maxPool2d(2));
        shortForms.put("avg_pool1d: 2", Layers.avgPool1d(2));
        shortForms.put("avg_pool2d: 2", Layers.avgPool2d(2));
        shortForms.put("global_avg_pool", Layers.globalAvgPool());
        shortForms.put("global_max_pool", Layers.globalMaxPool());
        shortForms.put("batch_norm", Layers.batchNorm());
        shortForms.put("group_norm: 4", Layers.groupNorm(4));
        shortForms.put("embedding: {input_dim: 7, output_dim: 3}", Layers.embedding(7, 3));
        shortForms.put("activation: relu", Layers.relu());
        shortForms.put("leaky_relu", Layers.leakyRelu(0.01));
        shortForms.put("elu", Layers.elu(1));
        shortForms.put("softmax", Layers.softmax());
        shortForms.put("dropout: 0.5", Layers.dropout(0.5));
        shortForms.put("flatten", Layers.flatten());
        shortForms.put("reshape: [2, -1]", Layers.reshape(2, -1));
        shortForms.put("permute: [2, 1]", Layers.permute(2, 1));
        shortForms.put("add", Layers.add());
        shortForms.put("concatenate", Layers.concatenate());
        shortForms.put("residual: [{dense: 3}]", Layers.residual(Layers.dense(3)));
        shortForms.put("sequential: [flatten]", Layers.sequential(Layers.flatten()));
        return shortForms.entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(
                        e.getKey(), () -> assertThat(read(e.getKey())).isEqualTo(e.getValue())));
    }

    @Test
    void sizes_and_paddings_are_numbers_pairs_or_names() {
        assertThat(read("conv2d: {filters: 8, kernel_size: [3, 5], stride: 2, padding: same}"))
                .isEqualTo(Conv2d.of(8, Size2d.of(3, 5), LINEAR).withStride(2).withPadding(Padding.same()));
        assertThat(read("conv2d: {filters: 8, kernel_size: 3, padding: [1, 2]}"))
                .isEqualTo(Layers.conv2d(8, 3).withPadding(Padding.of(1, 2)));
    }

    @Test
    void an_initializer_is_a_name_or_has_its_arguments() {
        assertThat(read("dense: {units: 3, kernel_initializer: he_normal, bias_initializer: {constant: 0.1}}"))
                .isEqualTo(new Dense(3, LINEAR, true, Initializers.heNormal(), Initializers.constant(0.1)));
        assertThat(((Dense) read("dense: {units: 3, kernel_initializer: kaiming_uniform}")).kernelInitializer())
                .isEqualTo(Initializers.kaimingUniform());
    }

    @Test
    void every_kind_has_a_name_of_its_own() {
        assertThat(Layers.kinds().stream()
                        .map(kind -> kind.getAnnotation(Kind.class).value())
                        .distinct())
                .hasSameSizeAs(Layers.kinds());
    }

    @Test
    void every_default_fits_its_component() {
        assertThat(RECORDS.schema("Layers", Layer.class).toString()).contains("conv2d_transpose");
    }

    private static Layer read(String yaml) {
        return RECORDS.read(Layer.class, YamlFile.parse("layer.yaml", yaml));
    }
}
