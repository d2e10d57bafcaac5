package dev.jumbo.train;

import dev.jumbo.data.Field;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.nn.FirstValues;
import dev.jumbo.nn.FlatOrder;
import dev.jumbo.nn.adapt.Adapter;
import dev.jumbo.nn.weights.LoadReport;
import dev.jumbo.nn.weights.Missing;
import dev.jumbo.nn.weights.NameMap;
import dev.jumbo.nn.weights.NamePattern;
import dev.jumbo.nn.weights.ParameterGroups;
import dev.jumbo.nn.weights.PublicDirectory;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.nn.weights.WeightFiles;
import dev.jumbo.nn.weights.Weights;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Specs;
import dev.jumbo.train.checkpoint.BaseWeights;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.Manifest;
import dev.jumbo.train.checkpoint.RunDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the model of a training begins: which parameters are trained how, and whether values are drawn, loaded, or those of the
 * checkpoint that a resume goes on from, which needs no other source any more.
 *
 * @param reference of the model that an objective compares with, whose adapters cannot be left out; null for none
 * @param loaded which weights are loaded; null where none are, and in a resume
 * @param files that go with what is loaded, such as a tokenizer's, by their names
 */
record StartingWeights(
        ParameterGroups groups,
        FirstValues first,
        @Nullable FirstValues reference,
        @Nullable Loaded loaded,
        Map<String, Path> files) {
    private StartingWeights(
            ParameterGroups groups, FirstValues first, @Nullable FirstValues reference, @Nullable Loaded loaded) {
        this(groups, first, reference, loaded, Map.of());
    }

    /**
     * Opens what is asked for and checks it against the model. Nothing is built or written.
     *
     * @throws InputException if a group has no parameter, everything is frozen, or the weights do not fit, naming all that does
     *     not
     */
    static StartingWeights of(TrainerBuilder.Setup setup, TrainingData data) {
        TrainConfig config = setup.config();
        Specs in = Field.specs(data.inputs());
        FlatOrder order = FlatOrder.of(setup.model(), in, config.groups());
        order.requireAllUsed(config.groups());
        if (order.trainable().isEmpty() && !order.frozen().isEmpty()) {
            throw new InputException("parameter_groups: expected something to train, received all "
                    + order.frozen().size() + " parameters frozen; leave a head out of the groups");
        }
        if (config.initFrom() == null
                && !(config.initMap().isEmpty()
                        && config.initMissing().isEmpty()
                        && config.initDiffering().isEmpty())) {
            throw new InputException(
                    "init_map, init_missing and init_differing: expected init_from beside them, received none");
        }
        boolean compares =
                data.phases().all().stream().anyMatch(phase -> phase.objective().needsReference())
                        && !config.adapter().canBeLeftOut();
        if (compares && config.initFrom() == null) {
            throw new InputException(
                    "objective: expected init_from beside it, the weights of the model that it begins with and"
                            + " compares with, received none");
        }
        if (config.adapter().keepsBase()) {
            StartingWeights start = beside(setup, in, order);
            return compares ? start.with(start.first()) : start;
        }
        if (resumes(setup)) {
            StartingWeights unset = new StartingWeights(config.groups(), FirstValues.unset(), null, null);
            if (!compares || config.initFrom() == null) {
                return unset;
            }
            StartingWeights again = loaded(setup, in, order, config.initFrom(), config.initMissing(), false);
            return new StartingWeights(config.groups(), FirstValues.unset(), again.first(), again.loaded());
        }
        if (config.initFrom() == null) {
            RandomState seed = RandomState.of(config.seed()).derive("init");
            return new StartingWeights(config.groups(), FirstValues.drawn(seed), null, null);
        }
        boolean known = !compares && config.initMap().isEmpty();
        StartingWeights start = loaded(setup, in, order, config.initFrom(), config.initMissing(), known);
        return compares ? start.with(start.first()) : start;
    }

    private StartingWeights with(FirstValues compared) {
        return new StartingWeights(groups, first, compared, loaded, files);
    }

    /** With a base that stays: it is loaded in a resume too, as checkpoints do not have it. */
    private static StartingWeights beside(TrainerBuilder.Setup setup, Specs in, FlatOrder order) {
        TrainConfig config = setup.config();
        Adapter adapter = config.adapter();
        if (config.initFrom() == null) {
            throw new InputException("adapter: expected init_from beside it, the weights of the base, received none; an"
                    + " adapter beside drawn weights learns nothing that another could use");
        }
        if (setup.isPipeline()) {
            throw new InputException("adapter: expected data_parallel, zero1 or fully_sharded as distributed.strategy,"
                    + " received pipeline");
        }
        List<String> missing = new ArrayList<>(config.initMissing());
        missing.add(adapter.added());
        StartingWeights start = loaded(setup, in, order, config.initFrom(), missing, false);
        NamePattern kept = NamePattern.of(adapter.kept());
        List<String> lost = Objects.requireNonNull(start.loaded()).report().fresh().stream()
                .filter(kept::matches)
                .toList();
        if (!lost.isEmpty()) {
            throw new InputException("init_missing: expected parameters that are trained, received "
                    + Nearest.first(lost) + ", which neither the base has nor the adapter trains; name the layers in"
                    + " adapter.lora.modules_to_save");
        }
        return start;
    }

    /** @param known whether names of other programs are brought to the model's; not of weights that are opened again later, by the map alone */
    private static StartingWeights loaded(
            TrainerBuilder.Setup setup, Specs in, FlatOrder order, String from, List<String> missing, boolean known) {
        TrainConfig config = setup.config();
        RandomState seed = RandomState.of(config.seed()).derive("init");
        PublicDirectory.Opened opened = open(Path.of(from), known, order.names());
        List<String> allowed = new ArrayList<>(missing);
        allowed.addAll(opened.fresh());
        Weights weights = new Weights(opened.weights().finite(), new NameMap(config.initMap()), new Missing(allowed));
        FirstValues first = FirstValues.loaded(weights, seed);
        LoadReport report;
        try {
            report = first.check(order).passing(opened.passedOver());
            requireSome(report, weights.from());
        } catch (InputException e) {
            throw new InputException(
                    "init_from: " + e.getMessage() + "; rename by init_map, or name what is new in init_missing"
                            + (known ? "" : "; of another program's directory, make a run first (jumbo import)"),
                    e);
        }
        StartingNetwork.requireSame(setup, in, order, report);
        return new StartingWeights(
                config.groups(),
                first,
                null,
                new Loaded(
                        report,
                        weights.from(),
                        !opened.fresh().isEmpty() || !opened.passedOver().isEmpty()),
                opened.files());
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
    private static PublicDirectory.Opened open(Path path, boolean known, Set<String> wanted) {
        if (!new RunDirectory(path).hasCheckpoint() && !Files.isRegularFile(path.resolve(Checkpoint.MANIFEST))) {
            try {
                return known
                        ? foreign(path, wanted)
                        : new PublicDirectory.Opened(WeightFiles.open(path), filesBeside(path));
            } catch (InputException e) {
                throw new InputException("init_from: " + e.getMessage(), e);
            }
        }
        try {
            Checkpoint checkpoint =
                    new RunDirectory(path).hasCheckpoint() ? Checkpoint.best(path) : Checkpoint.open(path);
            if (checkpoint.description().base() != null) {
                throw new InputException(
                        "init_from: expected weights of a whole model, received those of an adapter at " + path
                                + "; merge it with its base first (jumbo merge)");
            }
            return new PublicDirectory.Opened(
                    checkpoint.source(), checkpoint.description().files());
        } catch (FailureException e) {
            throw new FailureException("init_from: " + e.getMessage(), e);
        }
    }

    private static Map<String, Path> filesBeside(Path path) {
        return Files.isDirectory(path)
                ? ServiceLoader.load(PublicDirectory.class).stream()
                        .map(each -> each.get().files(path))
                        .filter(files -> !files.isEmpty())
                        .findFirst()
                        .orElse(Map.of())
                : Map.of();
    }

    private static PublicDirectory.Opened foreign(Path path, Set<String> wanted) {
        if (Files.isDirectory(path)) {
            for (PublicDirectory each : ServiceLoader.load(PublicDirectory.class)) {
                Optional<PublicDirectory.Opened> opened = each.open(path, wanted);
                if (opened.isPresent()) {
                    return opened.get();
                }
            }
        }
        return PublicDirectory.Opened.of(WeightFiles.open(path));
    }

    /**
     * What is loaded, and where from.
     *
     * @param otherHead whether that has another head than the model, which nobody said
     */
    record Loaded(LoadReport report, TensorSource source, boolean otherHead) {
        List<Path> files() {
            return source.files();
        }
    }

    /** What a checkpoint says of the base of an adapter; reads its files. Null where a checkpoint has all of the model. */
    @Nullable
    BaseWeights base(TrainerBuilder.Setup setup) {
        return setup.config().adapter().keepsBase() && loaded != null
                ? BaseWeights.of(
                        loaded.source(),
                        setup.directory(),
                        setup.config().initMap(),
                        groups,
                        setup.config().adapter())
                : null;
    }

    /** What a checkpoint says of the model that an objective compares with; reads its files. Null where it compares with none of its own. */
    @Nullable
    BaseWeights reference(TrainerBuilder.Setup setup) {
        return reference != null && loaded != null
                ? BaseWeights.of(
                        loaded.source(),
                        setup.directory(),
                        setup.config().initMap(),
                        ParameterGroups.none(),
                        setup.config().adapter())
                : null;
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
