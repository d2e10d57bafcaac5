package dev.jumbo.train;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Loader;
import dev.jumbo.data.Part;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of a training: split, with preprocessing fitted on the training part, checked against the model.
 *
 * @param dataset the training part
 * @param training this worker's part of its batches, shuffled and augmented; all of them in a pipeline
 * @param validation this worker's part of the batches of what is held out, or null
 */
record TrainingData(
        Dataset dataset,
        Loader training,
        @Nullable Loader validation,
        Preprocessing preprocessing,
        List<Field> inputs) {
    /** Larger than in training, but what a layer makes of it still fits the cache: 512 is a fifth slower on images. */
    private static final int VALIDATION_BATCH = 128;

    /** @throws InputException if the model does not fit the data */
    static TrainingData of(TrainerBuilder.Setup setup, Dataset all, @Nullable Dataset given) {
        TrainConfig config = setup.config();
        DataParts parts = DataParts.of(all, given, null)
                .divide(config.split(), config.validationSplit(), config.testSplit(), config.seed());
        Dataset train = parts.train();
        Dataset held = parts.validation();
        Preprocessing preprocessing = setup.preprocessing() == null
                ? train.preprocessing()
                : setup.preprocessing().apply(train);
        Part part = setup.isPipeline()
                ? Part.WHOLE
                : new Part(setup.world().rank(), setup.world().size());
        Loader training = loader(train, config.batchSize(), config, preprocessing)
                .part(part)
                .augmentations(setup.augmentations())
                .mixing(setup.mixing())
                .dropLast(config.dropLast())
                .shuffle(config.shuffle() ? RandomState.of(config.seed()).derive("data") : null)
                .build();
        Loader validation = held == null
                ? null
                : loader(held, Math.multiplyExact(VALIDATION_BATCH, part.of()), config, preprocessing)
                        .part(part)
                        .build();
        requireRows(setup, train.size());
        List<Field> inputs = training.inputs();
        check(setup, inputs, train.targets());
        if (given != null) {
            checkValidation(train, given);
        }
        return new TrainingData(train, training, validation, preprocessing, inputs);
    }

    private static Loader.Builder loader(Dataset data, int batch, TrainConfig config, Preprocessing preprocessing) {
        return Loader.of(data).batchSize(batch).threads(config.loaderThreads()).preprocessing(preprocessing);
    }

    /** A worker without rows has no layers running, so it could not take part in the statistics of the others. */
    private static void requireRows(TrainerBuilder.Setup setup, int examples) {
        TrainConfig config = setup.config();
        int workers = setup.world().size();
        int rest = config.dropLast() ? 0 : examples % config.batchSize();
        int least = rest == 0 ? config.batchSize() : Math.min(rest, config.batchSize());
        if (workers > 1 && config.distributed().syncBatchNorm() && least < workers) {
            throw new InputException("sync_batch_norm: expected at least " + workers
                    + " examples in each batch, one for each worker, received " + least
                    + (rest == 0 ? "; set a larger batch_size" : " in the last one; set drop_last: true"));
        }
    }

    private static void checkValidation(Dataset train, Dataset given) {
        List<Shape> expected = train.inputs().stream().map(Field::shape).toList();
        List<Shape> received = given.inputs().stream().map(Field::shape).toList();
        if (!expected.equals(received)) {
            throw new InputException("expected validation data with the inputs " + expected
                    + " of the training data, received " + received);
        }
        Field.requireSameClasses(train.targets(), given.targets());
    }

    private static void check(TrainerBuilder.Setup setup, List<Field> inputs, List<Field> targets) {
        List<Shape> outputs =
                setup.model().outputShapes(inputs.stream().map(Field::shape).toList());
        if (outputs.size() != targets.size()) {
            throw new InputException("expected a model with " + targets.size()
                    + " outputs, one for each target, received " + outputs.size());
        }
        for (int i = 0; i < outputs.size(); i++) {
            Field target = targets.get(i);
            Shape output = outputs.get(i);
            int classes = target.classes().size();
            if (classes > 2 && output.rank() > 0 && output.size(0) != classes) {
                throw new ShapeException(
                        "the model's output for " + target.name(),
                        classes + " values, one for each class",
                        output + "; set the last layer's units to " + classes);
            }
            setup.config().loss().check(output, target.shape());
        }
    }
}
