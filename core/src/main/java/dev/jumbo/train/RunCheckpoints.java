package dev.jumbo.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.data.Batch;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.ExampleStream;
import dev.jumbo.data.Field;
import dev.jumbo.data.Loader;
import dev.jumbo.data.NoPreprocessing;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.data.Transform;
import dev.jumbo.data.split.Subset;
import dev.jumbo.data.transform.Transformed;
import dev.jumbo.dist.Agreement;
import dev.jumbo.dist.World;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.FlatOrder;
import dev.jumbo.nn.FlatSlice;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.layers.ModelGroup;
import dev.jumbo.nn.weights.QuantizedParts;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.checkpoint.BaseWeights;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.CheckpointWriter;
import dev.jumbo.train.checkpoint.GoldenRows;
import dev.jumbo.train.checkpoint.Kinds;
import dev.jumbo.train.checkpoint.Manifest;
import dev.jumbo.train.checkpoint.ModelFile;
import dev.jumbo.train.checkpoint.RunDirectory;
import dev.jumbo.train.checkpoint.Share;
import dev.jumbo.train.checkpoint.StateFiles;
import dev.jumbo.train.checkpoint.TrainerFile;
import dev.jumbo.train.checkpoint.TransformFiles;
import dev.jumbo.train.objective.Phases;
import dev.jumbo.train.optim.OptimizerState;
import dev.jumbo.train.optim.WeightAverage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Between a training and its checkpoints: collects what a resume needs, and puts it back. */
final class RunCheckpoints {
    /** Prefixes of tensors in {@code optimizer.safetensors}. */
    private static final String OPTIMIZER = "optimizer.";

    private static final String AVERAGE = "average.";
    /** The values and buffers that training goes on with, where {@code model.safetensors} holds their averages. */
    private static final String VALUES = "values";

    private static final String BUFFERS = "buffers";

    /** Names in the states of optimizers and averages: the count of steps, and what is one for each value. */
    private static final String STEP = "step";

    private static final String VALUES_OF_AVERAGE = "average";

    /** Values that golden rows have in all, at most: they are a small file. */
    private static final long GOLDEN_VALUES = 1 << 16;

    /** Prefix of what an unfinished epoch has added up so far. */
    private static final String TRAINING = "training.";

    private final ModelFile description;
    /** Null on all workers but the first, unless they divide the state. */
    private final @Nullable CheckpointWriter writer;

    private final Holding holding;
    /** Taken once, as it may read all examples, and by the first worker only; others leave it empty. */
    private final String fingerprint;

    private final long seed;

    private final boolean first;

    private final GoldenRows golden;

    /** Names of parameters that stay in the base of an adapter; empty where a checkpoint has all of the model. */
    private final Set<String> kept;

    private Manifest.@Nullable Origin origin;

    private final Map<String, String> settings;

    RunCheckpoints(TrainerBuilder.Setup setup, TrainingData data, Holding holding, StartingWeights start) {
        this.holding = holding;
        first = setup.world().isFirst();
        fingerprint = first ? data.dataset().fingerprint() : "";
        origin = first ? start.origin() : null;
        seed = setup.config().seed();
        settings = ResumeSettings.of(setup, data.dataset());
        BaseWeights base = start.base(setup);
        kept = base == null ? Set.of() : names(setup, data, start);
        description = describe(
                setup,
                data,
                base,
                start.reference(setup),
                first ? KeptFiles.of(setup.directory(), start.files()) : Map.of());
        golden = first ? golden(data, description, setup.config().checkpoints().goldenRows()) : GoldenRows.none();
        writer = first || holding.dividesState()
                ? new CheckpointWriter(
                        setup.directory(),
                        setup.config().checkpoints().keepLast(),
                        new Agreement(holding.dividesState() ? setup.world() : World.single(), setup.device()))
                : null;
    }

    /** The first examples of the training split, prepared; none of a stream, of a model of other inputs, or where they are large. */
    private static GoldenRows golden(TrainingData data, ModelFile description, int most) {
        Dataset examples = data.dataset();
        if (most == 0
                || examples instanceof ExampleStream
                || !description.inputs().equals(data.inputs())) {
            return GoldenRows.none();
        }
        long values = description.inputs().stream().mapToLong(Field::elements).sum();
        int count = (int) Math.min(Math.min(most, examples.size()), GOLDEN_VALUES / Math.max(1, values));
        List<List<Object>> rows = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            try {
                // One by one: none is padded to another's length.
                Batch batch = Loader.of(Subset.of(examples, row))
                        .inOrder()
                        .batchSize(1)
                        .preprocessing(data.preprocessing())
                        .build()
                        .first();
                List<Object> inputs = new ArrayList<>();
                for (Object input : PreparedInputs.of(data.inputs(), batch)) {
                    inputs.add(input instanceof Object[] each ? each[0] : input);
                }
                rows.add(inputs);
            } catch (InputException e) {
                // One of weight 0, or a damaged one, which training tells of when it comes to it.
            }
        }
        return new GoldenRows(rows);
    }

    /** What the checkpoint says of the model that answers: of several, its inputs may be others than the data's. */
    private static ModelFile describe(
            TrainerBuilder.Setup setup,
            TrainingData data,
            @Nullable BaseWeights base,
            @Nullable BaseWeights reference,
            Map<String, Path> files) {
        Specs given = Field.specs(data.inputs());
        Specs taken = setup.model() instanceof ModelGroup group ? group.inputs(given) : given;
        // An objective may give the model something that it makes of the data, under another name.
        boolean made = Loader.inputs(data.dataset(), data.preprocessing()).stream()
                .noneMatch(input -> input.name().equals(data.inputs().get(0).name()));
        boolean ofData = taken.main().equals(given.main()) && !made;
        List<Field> inputs = ofData || made
                ? data.inputs().stream().filter(field -> !field.isPlace()).toList()
                : List.of(Field.floats("input", taken.main().shape()));
        Phases phases = data.phases();
        boolean own = setup.config().hasObjective();
        return new ModelFile(
                ModelFile.FORMAT,
                ofData
                        ? Transformed.rawInputs(data.dataset()).stream()
                                .filter(field -> !field.isPlace())
                                .toList()
                        : inputs,
                inputs,
                phases.first()
                        .answers(
                                Model.outputs(setup.model(), given),
                                data.dataset().targets()),
                ofData
                        ? data.preprocessing()
                        : new NoPreprocessing(inputs.get(0).elements()),
                phases.first().answer(0),
                setup.model(),
                own && !phases.named() ? phases.first() : null,
                phases.named() ? phases.all() : List.of(),
                ofData ? null : data.preprocessing(),
                Transformed.applied(data.dataset()),
                data.dataset().madeBy(),
                files,
                base,
                reference);
    }

    /** Names of frozen parameters. */
    private static Set<String> names(TrainerBuilder.Setup setup, TrainingData data, StartingWeights start) {
        return FlatOrder.of(setup.model(), Field.specs(data.inputs()), start.groups()).frozen().stream()
                .map(Parameter::name)
                .collect(Collectors.toSet());
    }

    /** What a checkpoint has of the model: all of it, or beside a base what is not of the base. */
    private List<Safetensors.Source> weights() {
        List<Safetensors.Source> all = holding.weights();
        return kept.isEmpty()
                ? all
                : all.stream()
                        .filter(source ->
                                !kept.contains(QuantizedParts.of(source.name())) && !kept.contains(source.name()))
                        .toList();
    }

    /** @throws InputException if the directory holds a run and this is not to go on with it */
    static void requireFree(TrainerBuilder.Setup setup) {
        if (!setup.resume() && new RunDirectory(setup.directory()).hasCheckpoint()) {
            throw new InputException("the directory " + setup.directory()
                    + " already holds a run; resume it, or choose another directory");
        }
    }

    /**
     * Writes a checkpoint, if this is the first worker or has a part of the state.
     *
     * @param training what the unfinished epoch has added up; empty at the end of one
     * @throws FailureException if weights are not finite: a resume from them could only fail
     */
    void save(
            TrainerFile where,
            OptimizerState optimizer,
            @Nullable WeightAverage average,
            Map<String, double[]> training,
            boolean isBest) {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            if (!isFinite(holding.slice().values())) {
                throw new FailureException(
                        "training stopped at step " + where.step() + ": expected finite weights, received"
                                + " some that are not; lower the learning rate or clip gradients (max_grad_norm)."
                                + " Earlier checkpoints are untouched");
            }
            if (writer == null) {
                return;
            }
            Map<String, Tensor> state = new LinkedHashMap<>();
            optimizer.state().forEach((name, tensor) -> state.put(OPTIMIZER + name, tensor));
            if (average != null) {
                state.put(VALUES, holding.slice().values().copy());
                state.put(BUFFERS, holding.model().store().buffers().copy());
                average.state().forEach((name, tensor) -> state.put(AVERAGE + name, tensor.copy()));
            }
            training.forEach((name, sums) -> {
                if (sums.length > 0) {
                    state.put(TRAINING + name, Tensor.of(sums, Shape.of(sums.length)));
                }
            });
            if (!first) {
                state.keySet().removeIf(name -> !isDivided(name) && !(holding.dividesModel() && isOfBuffers(name)));
            }
            Share share = holding.dividesState() ? holding.share() : null;
            try (WeightAverage.Use averaged = average == null ? () -> {} : average.use()) {
                writer.write(
                        new CheckpointWriter.Contents(
                                description, where, weights(), state, share, fingerprint, seed, origin, golden),
                        isBest);
            }
        }
    }

    /** On any worker: all stop together. */
    private boolean isFinite(Tensor values) {
        double strange = 1 - values.isFinite().all().item();
        return holding.sum(strange) == 0;
    }

    /** What is one for each value; the rest is the same on every worker. */
    private static boolean isDivided(String name) {
        return name.equals(VALUES)
                || name.equals(AVERAGE + VALUES_OF_AVERAGE)
                // Of several optimizers, each has values of its own, whose names have a dot.
                || name.startsWith(OPTIMIZER)
                        && !name.equals(OPTIMIZER + STEP)
                        && name.indexOf('.', OPTIMIZER.length()) < 0;
    }

    private static boolean isOfBuffers(String name) {
        return name.equals(BUFFERS) || name.equals(AVERAGE + BUFFERS);
    }

    /** What training is asked to do, as a checkpoint keeps it. */
    Map<String, String> settings() {
        return settings;
    }

    /**
     * Checks that a run can go on with these settings, model and data.
     *
     * @param monitor by which the best checkpoint is chosen
     * @throws InputException naming what is different, with both values
     */
    void requireSame(Checkpoint checkpoint, String monitor) {
        String run = String.valueOf(checkpoint.directory());
        ModelFile saved = checkpoint.description();
        ResumeSettings.requireSame(checkpoint.trainer().settings(), settings, run);
        ResumeSettings.requireSame(
                Map.of("monitor", '"' + checkpoint.trainer().monitor() + '"'),
                Map.of("monitor", '"' + monitor + '"'),
                run);
        ResumeSettings.requireSame(
                "model", tree(Layer.class, saved.model()), tree(Layer.class, description.model()), run);
        ResumeSettings.requireSame("loss", tree(Loss.class, saved.loss()), tree(Loss.class, description.loss()), run);
        BaseWeights before = saved.base();
        BaseWeights now = description.base();
        if (before != null && now != null && !before.sha256().equals(now.sha256())) {
            throw new InputException("init_from: the base of the adapter changed: expected files with the SHA-256 "
                    + before.sha256() + ", received " + now.sha256() + "; put the base back that the run in "
                    + checkpoint.directory() + " was begun with, or train into another directory");
        }
        BaseWeights compared = saved.reference();
        BaseWeights asked = description.reference();
        if (compared != null && asked != null && !compared.sha256().equals(asked.sha256())) {
            throw new InputException(
                    "init_from: the model that the objective compares with changed: expected files with the"
                            + " SHA-256 " + compared.sha256() + ", received " + asked.sha256()
                            + "; put the one back that the run in "
                            + checkpoint.directory() + " was begun with, or train into another directory");
        }
        if (!checkpoint.manifest().dataFingerprint().equals(fingerprint)) {
            throw new InputException("the run in " + checkpoint.directory()
                    + " was trained on other data; train into another directory");
        }
        ResumeSettings.requireSame(
                "transforms", transforms(saved.transforms()), transforms(description.transforms()), run);
        ResumeSettings.requireSame("made_by", transforms(saved.madeBy()), transforms(description.madeBy()), run);
        ResumeSettings.requireSame(
                "preprocessing",
                tree(Preprocessing.class, saved.preprocessing()),
                tree(Preprocessing.class, description.preprocessing()),
                run);
    }

    /** Without their files, which lie in the checkpoint: of these, content counts. */
    private static JsonNode transforms(Map<String, Transform> transforms) {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        transforms.forEach((input, transform) -> {
            List<Path> files = transform.files();
            List<Path> hashes = files.stream()
                    .map(file -> Path.of(TransformFiles.sha256(file)))
                    .toList();
            all.set(input, tree(Transform.class, transform.withFiles(hashes)));
        });
        return all;
    }

    private static <T> JsonNode tree(Class<T> type, T value) {
        return Kinds.records().write(type, value);
    }

    /** @return what the epoch had added up when the checkpoint was written */
    Map<String, double[]> restore(Checkpoint checkpoint, OptimizerState optimizer, @Nullable WeightAverage average) {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            StateFiles saved = checkpoint.state();
            Share share = holding.share();
            holding.load(checkpoint.weightsFile(), kept);
            origin = checkpoint.manifest().origin();
            optimizer.load(under(OPTIMIZER, saved, name -> read(saved, name, share)));
            if (average != null) {
                if (!saved.names().contains(VALUES) || !saved.names().contains(BUFFERS)) {
                    throw new InputException("the run in " + checkpoint.directory()
                            + " has no average of weights; resume it without ema_decay");
                }
                average.load(under(AVERAGE, saved, name -> read(saved, name, share)));
                FlatSlice slice = holding.slice();
                slice.values().copy_(saved.values(VALUES, share.values()));
                holding.model().store().buffers().copy_(saved.buffers(BUFFERS, share.buffers()));
                slice.valuesChanged();
            }
            Map<String, double[]> training = new LinkedHashMap<>();
            under(TRAINING, saved, saved::read).forEach((name, sums) -> training.put(name, sums.toDoubles()));
            return training;
        }
    }

    private static Tensor read(StateFiles saved, String name, Share share) {
        if (isOfBuffers(name)) {
            return saved.buffers(name, share.buffers());
        }
        return isDivided(name) ? saved.values(name, share.values()) : saved.read(name);
    }

    private static Map<String, Tensor> under(String prefix, StateFiles saved, Function<String, Tensor> read) {
        Map<String, Tensor> found = new LinkedHashMap<>();
        for (String name : saved.names()) {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), read.apply(name));
            }
        }
        return found;
    }
}
