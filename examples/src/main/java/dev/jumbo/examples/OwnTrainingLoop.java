package dev.jumbo.examples;

import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.layers.Layers.conv2d;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.flatten;
import static dev.jumbo.nn.layers.Layers.maxPool2d;
import static dev.jumbo.nn.losses.Losses.crossEntropy;
import static dev.jumbo.train.optim.Optimizers.adam;

import dev.jumbo.data.Batch;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Loader;
import dev.jumbo.data.digits.Digits;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.optim.OptimizerState;
import java.util.Locale;

/**
 * Training step by step, as {@link dev.jumbo.train.Trainer} does it inside: for who wants another loop.
 *
 * <p>Usage: {@code OwnTrainingLoop [EXAMPLES] [EPOCHS]}
 */
public final class OwnTrainingLoop {
    private OwnTrainingLoop() {}

    public static void main(String[] args) {
        int examples = args.length > 0 ? Integer.parseInt(args[0]) : 6000;
        int epochs = args.length > 1 ? Integer.parseInt(args[1]) : 3;
        double learningRate = 1e-3;

        Digits digits = Digits.draw(examples, 1000, 42);
        RandomState seed = RandomState.of(42);
        Layer layers = Sequential.of(
                conv2d(16, 3, RELU), maxPool2d(2), conv2d(32, 3, RELU), maxPool2d(2), flatten(), dense(10));
        Loader loader = loader(digits.train(), seed.derive("data"));
        Loss loss = crossEntropy();

        // 1. Random initialisation.
        try (Model model = Model.build(layers, Shape.of(1, Digits.SIZE, Digits.SIZE), seed.derive("init"))) {
            model.store().prepareTraining(false);
            try (OptimizerState optimizer = adam(learningRate).build(model.store())) {
                // 6. Until a stop condition: so many epochs.
                for (int epoch = 0; epoch < epochs; epoch++) {
                    double sum = 0;
                    try (Loader.Epoch batches = loader.epoch(epoch)) {
                        while (batches.hasNext()) {
                            // Everything native that a step makes is freed at the end of its scope.
                            try (Scope scope = Scope.open()) {
                                Batch batch = batches.next();
                                model.store().zeroGradients();
                                // 2. Forward pass.
                                Tensor logits = model.forward(x(batch), Pass.forTraining());
                                // 3. The loss.
                                Tensor value = loss.of(logits, y(batch));
                                sum += value.item() * batch.size();
                                // 4. Back-propagation.
                                value.backward();
                                // 5. Gradient descent.
                                optimizer.step(learningRate);
                            }
                        }
                    }
                    System.out.printf(
                            Locale.ROOT,
                            "epoch %d: loss %.4f, test accuracy %.4f%n",
                            epoch + 1,
                            sum / examples,
                            accuracy(model, digits.test()));
                }
            }
        }
    }

    private static Loader loader(Dataset data, RandomState seed) {
        return Loader.of(data)
                .batchSize(64)
                .preprocessing(data.preprocessing())
                .shuffle(seed)
                .build();
    }

    private static double accuracy(Model model, Dataset data) {
        double right = 0;
        try (Autograd off = Autograd.noGrad();
                Loader.Epoch batches = loader(data, RandomState.of(0)).epoch(0)) {
            while (batches.hasNext()) {
                try (Scope scope = Scope.open()) {
                    Batch batch = batches.next();
                    Tensor answers = model.forward(x(batch), Pass.inference()).argmax(1);
                    right += answers.eq(y(batch)).to(DType.FLOAT32).sum().item();
                }
            }
        }
        return right / data.size();
    }

    private static Tensor x(Batch batch) {
        return batch.inputs().get(0).tensor();
    }

    private static Tensor y(Batch batch) {
        return batch.targets().get(0).tensor();
    }
}
