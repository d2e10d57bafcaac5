package dev.jumbo.train;

import dev.jumbo.data.Field;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.nn.FirstValues;
import dev.jumbo.nn.FlatOrder;
import dev.jumbo.nn.weights.LoadReport;
import dev.jumbo.nn.weights.Missing;
import dev.jumbo.nn.weights.NameMap;
import dev.jumbo.nn.weights.ParameterGroups;
import dev.jumbo.nn.weights.PublicDirectory;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.nn.weights.WeightFiles;
import dev.jumbo.nn.weights.Weights;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.Manifest;
import dev.jumbo.train.checkpoint.RunDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * How the model of a training begins: which parameters are trained how, and whether values are drawn, loaded, or those of the
 * checkpoint that a resume goes on from, which needs no other source any more.
 *
 * @param loaded which weights are loaded; null where none are, and in a resume
 * @param files that go with what is loaded, such as a tokenizer's, by their names
 */
record StartingWeights(
        ParameterGroups groups, FirstValues first, @Nullable Loaded loaded, Map<String, Path> files) {
    private StartingWeights(ParameterGroups groups, FirstValues first, @Nullable Loaded loaded) {
        this(groups, first, loaded, Map.of());
    }

    /**
     * Opens what is asked for and checks it against the model. Nothing is built or written.
     *
     * @throws InputException if a group has no parameter, everything is frozen, or the weights do not fit, naming all that does
     *     not
     */
    static StartingWeights of(TrainerBuilder.Setup setup, TrainingData data) {
        TrainConfig config = setup.config();
        FlatOrder order = FlatOrder.of(setup.model(), Field.specs(data.inputs()), config.groups());
        order.requireAllUsed(config.groups());
        if (order.trainable().isEmpty() && !order.frozen().isEmpty()) {
            throw new InputException("parameter_groups: expected something to train, received all "
                    + order.frozen().size() + " parameters frozen; leave a head out of the groups");
        }
        if (config.initFrom() == null
                && !(config.initMap().isEmpty() && config.initMissing().isEmpty())) {
            throw new InputException("init_map and init_missing: expected init_from beside them, received none");
        }
        if (resumes(setup)) {
            return new StartingWeights(config.groups(), FirstValues.unset(), null);
        }
        RandomState seed = RandomState.of(config.seed()).derive("init");
        if (config.initFrom() == null) {
            return new StartingWeights(config.groups(), FirstValues.drawn(seed), null);
        }
        PublicDirectory.Opened opened =
                open(Path.of(config.initFrom()), config.initMap().isEmpty());
        Weights weights = new Weights(
                opened.weights().finite(), new NameMap(config.initMap()), new Missing(config.initMissing()));
        FirstValues first = FirstValues.loaded(weights, seed);
        try {
            LoadReport report = first.check(order);
            requireSome(report, weights.from());
            return new StartingWeights(config.groups(), first, Loaded.of(weights.from(), report), opened.files());
        } catch (InputException e) {
            throw new InputException(
                    "init_from: " + e.getMessage() + "; rename by init_map, or name what is new in init_missing", e);
        }
    }

    /** Where every name is allowed to be missing, weights of another model would be passed over without a word. */
    private static void requireSome(LoadReport report, TensorSource from) {
        if (report.loaded().isEmpty()) {
            throw new InputException("expected tensors of the model, received none in " + from.where()
                    + ": not one of its " + from.tensors().size() + " has a name and shape of the model's "
                    + report.fresh().size() + "; it has "
                    + Nearest.first(List.copyOf(from.tensors().keySet()))
                    + ", the model has " + Nearest.first(report.fresh()));
        }
    }

    /** What the first worker finds is what all go by. */
    private static boolean resumes(TrainerBuilder.Setup setup) {
        boolean here = setup.resume() && new RunDirectory(setup.directory()).hasCheckpoint();
        if (setup.world().size() == 1 || setup.config().initFrom() == null) {
            return here;
        }
        return Boolean.parseBoolean(
                setup.world().exchange(Boolean.toString(here)).get(0));
    }

    /** @param known whether names of other programs are brought to the model's, where no map of the user's does */
    private static PublicDirectory.Opened open(Path path, boolean known) {
        if (!new RunDirectory(path).hasCheckpoint() && !Files.isRegularFile(path.resolve(Checkpoint.MANIFEST))) {
            try {
                return known ? foreign(path) : PublicDirectory.Opened.of(WeightFiles.open(path));
            } catch (InputException e) {
                throw new InputException("init_from: " + e.getMessage(), e);
            }
        }
        try {
            Checkpoint from = new RunDirectory(path).hasCheckpoint() ? Checkpoint.best(path) : Checkpoint.open(path);
            return new PublicDirectory.Opened(from.source(), from.description().files());
        } catch (FailureException e) {
            throw new FailureException("init_from: " + e.getMessage(), e);
        }
    }

    private static PublicDirectory.Opened foreign(Path path) {
        if (Files.isDirectory(path)) {
            for (PublicDirectory each : ServiceLoader.load(PublicDirectory.class)) {
                Optional<PublicDirectory.Opened> opened = each.open(path);
                if (opened.isPresent()) {
                    return opened.get();
                }
            }
        }
        return PublicDirectory.Opened.of(WeightFiles.open(path));
    }

    /**
     * What is loaded.
     *
     * @param files that it is read from
     */
    record Loaded(LoadReport report, List<Path> files) {
        static Loaded of(TensorSource source, LoadReport report) {
            return new Loaded(report, source.files());
        }
    }

    /** What a manifest says of it; reads the files. */
    Manifest.@Nullable Origin origin() {
        return loaded == null
                ? null
                : Manifest.Origin.of(
                        loaded.report().where(),
                        loaded.files(),
                        loaded.report().loaded().size(),
                        loaded.report().fresh());
    }
}
