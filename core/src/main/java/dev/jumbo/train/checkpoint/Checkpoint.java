package dev.jumbo.train.checkpoint;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.FirstValues;
import dev.jumbo.nn.FlatOrder;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.adapt.Changes;
import dev.jumbo.nn.weights.ParameterGroups;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.nn.weights.Weights;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.SafetensorsFile;
import dev.jumbo.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A saved state of a training, verified: every file has the length of the manifest, and what is read its SHA-256.
 * Evaluation, prediction and serving start from here. Which of them a run has, {@link RunDirectory} knows; that they are
 * what was written, {@link SavedFiles}.
 */
public final class Checkpoint {
    static final String MODEL = "model.json";
    static final String WEIGHTS = "model.safetensors";
    static final String TRAINER = "trainer.json";
    /** The file by which a directory is known as a checkpoint. */
    public static final String MANIFEST = "manifest.json";

    private final SavedFiles files;
    private final ModelFile model;
    private final TrainerFile trainer;
    /** Read and compared once. */
    private @Nullable TensorSource verifiedBase;

    private Checkpoint(SavedFiles files, ModelFile model, TrainerFile trainer) {
        this.files = files;
        this.model = model;
        this.trainer = trainer;
    }

    /**
     * Opens and verifies one checkpoint directory.
     *
     * @throws InputException if it is not there
     * @throws FailureException if a file is missing or damaged, naming it
     */
    public static Checkpoint open(Path directory) {
        Checkpoint opened = openModel(directory);
        opened.files.verifyState();
        return opened;
    }

    /**
     * The newest checkpoint of a run.
     *
     * @throws InputException if there is no run
     * @throws FailureException if it is damaged
     */
    public static Checkpoint latest(Path run) {
        return openModel(new RunDirectory(run).pointed(RunDirectory.LATEST));
    }

    /**
     * The best checkpoint of a run by its monitored metric; the newest where that metric was never a number.
     *
     * @throws InputException if there is no run
     * @throws FailureException if it is damaged
     */
    public static Checkpoint best(Path run) {
        RunDirectory directory = new RunDirectory(run);
        return openModel(directory.pointed(directory.hasBest() ? RunDirectory.BEST : RunDirectory.LATEST));
    }

    /**
     * As {@link #open}, to answer only: verifies what prediction reads; of what only a resume reads, that it is there.
     *
     * @throws InputException if it is not there
     * @throws FailureException if a file is missing or damaged, naming it
     */
    public static Checkpoint openModel(Path directory) {
        SavedFiles files = SavedFiles.open(directory);
        return new Checkpoint(
                files,
                TransformFiles.located(files.json(MODEL, ModelFile.class), files),
                files.json(TRAINER, TrainerFile.class));
    }

    public Path directory() {
        return files.directory();
    }

    public Manifest manifest() {
        return files.manifest();
    }

    /** The model's description, its inputs and its preprocessing. */
    public ModelFile description() {
        return model;
    }

    public TrainerFile trainer() {
        return trainer;
    }

    /** Examples that engines are held against the model on; none of a checkpoint that has none. @throws InputException if they do not fit */
    public GoldenRows golden() {
        return manifest().files().containsKey(GoldenRows.FILE)
                ? GoldenRows.read(directory().resolve(GoldenRows.FILE), model.inputs())
                : GoldenRows.none();
    }

    /** Builds the model with the weights, frozen ones of a base in the type that training held them in. The caller closes it. */
    public Model load() {
        BaseWeights base = model.base();
        return Model.build(
                model.model(),
                model.specs(),
                FirstValues.loaded(Weights.of(base == null ? source() : joined(base))),
                base == null ? ParameterGroups.none() : base.parameterGroups(),
                Device.CPU);
    }

    /**
     * Builds the model that an objective compares with, as training began; null where its adapters are left out instead. The caller closes
     * it.
     *
     * @throws FailureException if its weights are not there or changed
     */
    public @Nullable Model loadReference() {
        BaseWeights reference = model.reference();
        if (reference == null) {
            return null;
        }
        Layer plain = Changes.of(model.model(), model.specs()).none();
        FlatOrder order = FlatOrder.of(plain, model.specs());
        TensorSource source = reference.joined(reference.open(run()), TensorSource.of(Map.of()), order);
        return Model.build(
                plain, model.specs(), FirstValues.loaded(Weights.of(source)), ParameterGroups.none(), Device.CPU);
    }

    /**
     * Parameters and buffers by name, as a source for other models; of a model with an adapter with those of its base.
     *
     * @throws FailureException if the base is not there or changed
     */
    public TensorSource source() {
        BaseWeights base = model.base();
        return base == null ? own() : order(base).asHeld(joined(base));
    }

    /** What the checkpoint has itself: of a model with an adapter, what was trained. */
    public TensorSource own() {
        return TensorSource.open(directory().resolve(WEIGHTS));
    }

    private TensorSource joined(BaseWeights base) {
        TensorSource opened = verifiedBase;
        if (opened == null) {
            opened = base.open(run());
            verifiedBase = opened;
        }
        return base.joined(opened, own(), order(base));
    }

    private FlatOrder order(BaseWeights base) {
        return FlatOrder.of(model.model(), model.specs(), base.parameterGroups());
    }

    /** The directory of the run that it lies in. */
    private Path run() {
        Path all = directory().toAbsolutePath().normalize().getParent();
        return all == null || all.getParent() == null ? directory() : all.getParent();
    }

    /** Parameters and buffers by name, in the caller's scope. */
    public Map<String, Tensor> weights() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        source().tensors()
                .forEach((name, stored) -> tensors.put(name, stored.read().get()));
        return tensors;
    }

    /** Parameters and buffers by name that the checkpoint has itself, to be read one by one: of a model with an adapter, what was trained. */
    public SafetensorsFile weightsFile() {
        return Safetensors.open(directory().resolve(WEIGHTS));
    }

    /**
     * Copies what answers: all but the state of the optimizer, which is two thirds of a checkpoint.
     *
     * @param copy a directory that is not there yet; complete or not there afterwards
     * @throws InputException if there is one
     */
    public void copyWithoutState(Path copy) {
        if (Files.exists(copy)) {
            throw new InputException("expected a new directory for the copy of a checkpoint, found one at " + copy);
        }
        try {
            files.copyWithoutState(copy);
        } catch (IOException e) {
            throw new FailureException("cannot copy the checkpoint " + directory() + " to " + copy + ": " + e, e);
        }
    }

    /** The flat state of optimizer and averages, whoever wrote it. @throws FailureException if it is damaged */
    public StateFiles state() {
        return files.verifyState();
    }

    /** The path and where training stood. */
    @Override
    public String toString() {
        return "Checkpoint[" + directory() + ", step " + trainer.step() + ", " + trainer.metrics() + "]";
    }
}
