package dev.jumbo.train.parallel;

import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.layers.Layers.batchNorm;
import static dev.jumbo.nn.layers.Layers.conv2d;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.flatten;
import static dev.jumbo.nn.layers.Layers.maxPool2d;
import static dev.jumbo.nn.layers.Layers.relu;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.augment.Augmentations;
import dev.jumbo.data.digits.Digits;
import dev.jumbo.data.image.Mnist;
import dev.jumbo.data.split.Subset;
import dev.jumbo.dist.World;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.losses.CrossEntropy;
import dev.jumbo.train.DistributedConfig;
import dev.jumbo.train.TrainConfig.Checkpoints;
import dev.jumbo.train.TrainConfig.Precision;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.TrainerBuilder;
import dev.jumbo.train.callbacks.Callback;
import dev.jumbo.train.callbacks.TrainingState;
import dev.jumbo.train.metrics.Metric;
import dev.jumbo.train.metrics.Metrics;
import dev.jumbo.train.optim.Optimizers;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Trainings that any number of workers can do, all with the same result. */
enum Scenario {
    /** A hundred steps of a convolutional network, with batches that do not divide evenly, in several buckets. */
    CONVOLUTION {
        @Override
        TrainerBuilder trainer() {
            return Trainer.of(network())
                    .optimizer(Optimizers.sgd(0.01, 0.9))
                    .epochs(5)
                    .batchSize(31)
                    .distributed(config(false, 0.02));
        }

        @Override
        Dataset data(Path mnist) {
            return first(DIGITS.train(), 620);
        }
    },
    /** The same on handwritten ones. */
    MNIST {
        @Override
        TrainerBuilder trainer() {
            return CONVOLUTION.trainer();
        }

        @Override
        Dataset data(Path mnist) {
            return first(Mnist.load(mnist).train(), 620);
        }
    },
    /** Means over weights instead of rows, and all that happens between gradients and step; the last batch has one row. */
    WEIGHTED {
        @Override
        TrainerBuilder trainer() {
            List<Double> weights = IntStream.range(0, 10).mapToObj(i -> 0.2 + i).toList();
            return Trainer.of(Sequential.of(flatten(), dense(20, RELU), dense(10)))
                    .loss(new CrossEntropy(0.1, weights, 3, true, 1))
                    .optimizer(Optimizers.adam(1e-3))
                    .metrics(metrics())
                    .validationSplit(0.3)
                    .epochs(3)
                    .batchSize(12)
                    .gradientAccumulation(3)
                    .maxGradNorm(0.5)
                    .penalty(1e-5, 1e-4)
                    .emaDecay(0.9)
                    .distributed(config(false, 1e-3));
        }

        @Override
        Dataset data(Path mnist) {
            return first(DIGITS.train(), 210); // 147 to train on: 12 batches of 12 and one of 3
        }
    },
    /** Statistics of the whole batch, forward and backward. */
    SYNC_BATCH_NORM {
        @Override
        TrainerBuilder trainer() {
            return Trainer.of(Sequential.of(
                            conv2d(4, 3),
                            batchNorm(),
                            relu(),
                            maxPool2d(4),
                            flatten(),
                            dense(16),
                            batchNorm(),
                            relu(),
                            dense(10)))
                    .optimizer(Optimizers.sgd(0.05, 0.9))
                    .epochs(2)
                    .batchSize(25)
                    .distributed(config(true, 25));
        }

        @Override
        Dataset data(Path mnist) {
            return first(DIGITS.train(), 260);
        }
    },
    /** Mixed over the whole batch, augmented, in bf16, in batches of fewer rows than workers. */
    MIXED {
        @Override
        TrainerBuilder trainer() {
            return Trainer.of(Sequential.of(flatten(), dense(32, RELU), dense(10)))
                    .optimizer(Optimizers.sgd(0.05))
                    .precision(Precision.BF16)
                    .augmentations(Augmentations.rotation(10))
                    .mixing(Augmentations.mixup(0.4))
                    .epochs(2)
                    .batchSize(16)
                    .distributed(config(false, 0.01));
        }

        @Override
        Dataset data(Path mnist) {
            return first(DIGITS.train(), 161); // the last batch has one row
        }
    },
    /** Does not get better, so it ends early. */
    EARLY_STOPPING {
        @Override
        TrainerBuilder trainer() {
            return Trainer.of(Sequential.of(flatten(), dense(10)))
                    .optimizer(Optimizers.sgd(1e-12))
                    .metrics(Metrics.rocAuc())
                    .validationSplit(0.5)
                    .earlyStopping("val_roc_auc", 2)
                    .epochs(9)
                    .batchSize(20);
        }

        @Override
        Dataset data(Path mnist) {
            return first(DIGITS.train(), 81);
        }
    },
    /** Fails at once. */
    NOT_FINITE {
        @Override
        TrainerBuilder trainer() {
            return Trainer.of(Sequential.of(flatten(), dense(10)))
                    .optimizer(Optimizers.sgd(1e38))
                    .epochs(2)
                    .batchSize(20);
        }

        @Override
        Dataset data(Path mnist) {
            return first(DIGITS.train(), 80);
        }
    },
    /** Interrupted and resumed, on another number of workers each time. */
    RESUMED {
        @Override
        TrainerBuilder trainer() {
            return Trainer.of(Sequential.of(flatten(), dense(16, RELU), dense(10)))
                    .optimizer(Optimizers.adam(1e-3))
                    .metrics(metrics())
                    .epochs(4)
                    .batchSize(20)
                    .emaDecay(0.9)
                    .checkpoints(new Checkpoints(5, 2));
        }

        @Override
        Dataset data(Path mnist) {
            return first(DIGITS.train(), 250); // 13 steps an epoch
        }
    };

    private static final Digits DIGITS = Digits.draw(620, 0, 3);

    abstract TrainerBuilder trainer();

    /** @param mnist its directory, or empty where it is not there */
    abstract Dataset data(Path mnist);

    /** Trains, and notes what happened; a failure is noted too. @param interruptAt the step after which it breaks off, or 0 */
    Trace run(World world, Path directory, Path mnist, int interruptAt) {
        Trace trace = new Trace();
        Callback interrupt = new Callback() {
            @Override
            public void onStep(TrainingState state) {
                if (state.step() == interruptAt) {
                    throw new IllegalStateException("interrupted");
                }
            }
        };
        try {
            trainer()
                    .seed(5)
                    .world(world)
                    .callback(trace)
                    .callback(interrupt)
                    .resume(true)
                    .saveTo(directory)
                    .build()
                    .fit(data(mnist));
        } catch (RuntimeException e) {
            trace.failed(e);
        }
        return trace;
    }

    static Sequential network() {
        return Sequential.of(
                conv2d(6, 5, RELU),
                maxPool2d(2),
                conv2d(8, 3, RELU),
                maxPool2d(2),
                flatten(),
                dense(32, RELU),
                dense(10));
    }

    static Metric[] metrics() {
        return new Metric[] {Metrics.accuracy(), Metrics.rocAuc(), Metrics.expectedCalibrationError()};
    }

    private static DistributedConfig config(boolean syncBatchNorm, double bucketMb) {
        return new DistributedConfig(DistributedConfig.Strategy.DATA_PARALLEL, syncBatchNorm, bucketMb, 4, 30, 3, null);
    }

    private static Dataset first(Dataset data, int count) {
        return Subset.of(data, IntStream.range(0, count).toArray());
    }
}
