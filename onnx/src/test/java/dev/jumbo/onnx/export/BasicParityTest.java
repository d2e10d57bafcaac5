package dev.jumbo.onnx.export;

import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.layers.Layers.conv2d;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.flatten;
import static dev.jumbo.nn.layers.Layers.maxPool2d;
import static dev.jumbo.nn.layers.Layers.sequential;

import dev.jumbo.nn.Activation;
import dev.jumbo.nn.layers.basic.ActivationLayer;
import dev.jumbo.nn.layers.basic.Dense;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BasicParityTest {
    @Test
    void the_articles_network_gives_the_same_in_ONNX_Runtime() {
        var network = sequential(
                conv2d(32, 3, RELU),
                maxPool2d(2),
                conv2d(64, 3, RELU),
                maxPool2d(2),
                flatten(),
                dense(128, RELU),
                dense(10));
        new Parity(network, Specs.of(Shape.of(1, 28, 28)), 0).agrees("article", OnnxExport.OPSET);
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void a_function_gives_the_same_by_itself_and_in_a_dense_layer(Activation function) {
        var layers = sequential(new ActivationLayer(function), Dense.of(5, function));
        for (int opset : new int[] {OnnxExport.OPSET, OnnxExport.NEWEST_OPSET}) {
            new Parity(layers, Specs.of(Shape.of(6)), 0).agrees("function-" + function, opset);
            new Parity(layers, Specs.of(Shape.of(3, 6)), 0).agrees("function-steps-" + function, opset);
        }
    }
}
