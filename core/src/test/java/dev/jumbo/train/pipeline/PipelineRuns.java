package dev.jumbo.train.pipeline;

import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.layers.Layers.batchNorm;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.flatten;

import dev.jumbo.Workers;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.digits.Digits;
import dev.jumbo.dist.World;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.losses.CrossEntropy;
import dev.jumbo.train.DistributedConfig;
import dev.jumbo.train.DistributedConfig.Strategy;
import dev.jumbo.train.TrainConfig.Checkpoints;
import dev.jumbo.train.TrainConfig.Precision;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.TrainerBuilder;
import dev.jumbo.train.callbacks.Callback;
import dev.jumbo.train.callbacks.TrainingState;
import dev.jumbo.train.metrics.Metrics;
import dev.jumbo.train.optim.Optimizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Trainings for any number of workers, and the program of one of them: a directory, then {@code KIND} or {@code KIND:STEP}. */
enum PipelineRuns {
    /** All that happens in a step and behind an epoch; micro-batches of different sizes, a short last batch. */
    WHOLE {
        @Override
        TrainerBuilder trainer() {
            return Trainer.of(Sequential.of(flatten(), dense(32, RELU), dense(24), dense(16, RELU), dense(10)))
                    .gradientAccumulation(2)
                    .maxGradNorm(0.8)
                    .validationSplit(0.25)
                    .metrics(Metrics.accuracy(), Metrics.rocAuc())
                    .distributed(config(false, 3));
        }
    },
    /** Statistics of batches, and of their averages, in stages; broken off and resumed. */
    RESUMED {
        @Override
        TrainerBuilder trainer() {
            return Trainer.of(Sequential.of(flatten(), dense(32, RELU), batchNorm(), dense(16), batchNorm(), dense(10)))
                    .metrics(Metrics.accuracy())
                    .distributed(config(false, 1));
        }
    },
    /** Micro-batches whose losses count by the weights of their classes, one of which does not count at all. */
    WEIGHTED {
        @Override
        TrainerBuilder trainer() {
            List<Double> weights = IntStream.range(0, 10).mapToObj(i -> 0.2 + i).toList();
            return Trainer.of(Sequential.of(flatten(), dense(32, RELU), dense(16, RELU), dense(10)))
                    .loss(new CrossEntropy(0.1, weights, 3, true, 1))
                    .gradientAccumulation(3)
                    .distributed(config(false, 7)); // Some have examples of the ignored class alone.
        }
    },
    /** Activations and gradients go from stage to stage without another rounding. */
    BF16 {
        @Override
        TrainerBuilder trainer() {
            return Trainer.of(Sequential.of(flatten(), dense(32, RELU), dense(24), dense(16, RELU), dense(10)))
                    .precision(Precision.BF16)
                    .maxGradNorm(0.8)
                    .validationSplit(0.25)
                    .distributed(config(false, 1));
        }
    },
    /** No layer of a pipeline can have the statistics of a batch that is in parts. */
    REFUSED {
        @Override
        TrainerBuilder trainer() {
            return Trainer.of(Sequential.of(flatten(), dense(10))).distributed(config(true, 1));
        }
    };

    static final Dataset DATA = Digits.draw(203, 0, 3).train();

    abstract TrainerBuilder trainer();

    /** Trains. @param until the step behind which it breaks off, or 0 @return losses and figures, a line each */
    List<String> run(World world, Path run, int until) {
        List<String> lines = new ArrayList<>();
        Callback trace = new Callback() {
            @Override
            public void onStep(TrainingState state) {
                lines.add("step-" + state.step() + " loss " + state.loss());
                lines.add("step-" + state.step() + " norm " + state.gradientNorm());
                if (until > 0 && state.step() == until + 1) {
                    throw new IllegalStateException("interrupted");
                }
            }

            @Override
            public void onEpoch(TrainingState state, Map<String, Double> metrics) {
                new TreeMap<>(metrics)
                        .forEach((name, value) -> lines.add("epoch-" + state.epoch() + " " + name + " " + value));
            }
        };
        try {
            trainer()
                    .optimizer(Optimizers.adam(1e-3))
                    .epochs(3)
                    .batchSize(20)
                    .penalty(1e-5, 1e-4)
                    .emaDecay(0.9)
                    .seed(7)
                    .checkpoints(new Checkpoints(2, 3))
                    .world(world)
                    .callback(trace)
                    .saveTo(run)
                    .resume(true)
                    .build()
                    .fit(DATA);
        } catch (IllegalStateException | InputException e) {
            lines.add("failed " + e.getMessage());
        }
        return lines;
    }

    private static DistributedConfig config(boolean syncBatchNorm, int microBatches) {
        return new DistributedConfig(Strategy.PIPELINE, syncBatchNorm, 25, microBatches, 30, 3, null);
    }

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        try (World world = Workers.join()) {
            for (String argument : List.of(arguments).subList(1, arguments.length)) {
                String[] parts = argument.split(":", -1);
                List<String> lines = valueOf(parts[0])
                        .run(world, directory.resolve(parts[0]), parts.length > 1 ? Integer.parseInt(parts[1]) : 0);
                Files.write(directory.resolve(parts[0] + "-of-" + world.size() + "-rank-" + world.rank()), lines);
            }
        }
    }
}
