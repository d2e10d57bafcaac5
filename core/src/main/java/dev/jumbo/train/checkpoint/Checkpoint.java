package dev.jumbo.train.checkpoint;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.FirstValues;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.weights.ParameterGroups;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.nn.weights.Weights;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.SafetensorsFile;
import dev.jumbo.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A saved state of a training, verified: every file has the length of the manifest, and what is read its SHA-256.
 * Evaluation, prediction and serving start from here.
 */
public final class Checkpoint {
    static final String MODEL = "model.json";
    static final String WEIGHTS = "model.safetensors";
    static final String TRAINER = "trainer.json";
    /** The file by which a directory is known as a checkpoint. */
    public static final String MANIFEST = "manifest.json";

    static final String DIRECTORY = "checkpoints";
    static final String LATEST = "LATEST";
    static final String BEST = "BEST";
    private static final String NAME_PATTERN = "step-\\d{8,18}";
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoint.class);

    private final Path directory;
    private final Manifest manifest;
    private final ModelFile model;
    private final TrainerFile trainer;

    private Checkpoint(Path directory, Manifest manifest, ModelFile model, TrainerFile trainer) {
        this.directory = directory;
        this.manifest = manifest;
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
        opened.verifyState();
        return opened;
    }

    /** Verifies what prediction reads; of what only a resume reads, that it is there. */
    private static Checkpoint openModel(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new InputException("expected a checkpoint directory, found none at " + directory);
        }
        try {
            Manifest manifest = CheckpointJson.read(directory.resolve(MANIFEST), Manifest.class);
            List<String> stateFiles = StateFiles.required(manifest.files().keySet());
            List<String> needed = new ArrayList<>(List.of(MODEL, WEIGHTS, TRAINER));
            needed.addAll(stateFiles);
            for (String required : needed) {
                if (!manifest.files().containsKey(required)) {
                    throw damaged(directory, MANIFEST, "it does not list " + required);
                }
            }
            for (Map.Entry<String, Manifest.Entry> file : manifest.files().entrySet()) {
                verifySize(directory, file.getKey(), file.getValue());
                if (!stateFiles.contains(file.getKey())) {
                    verifyHash(directory, file.getKey(), file.getValue());
                }
            }
            return new Checkpoint(
                    directory,
                    manifest,
                    CheckpointJson.read(directory.resolve(MODEL), ModelFile.class),
                    CheckpointJson.read(directory.resolve(TRAINER), TrainerFile.class));
        } catch (IOException | InputException e) {
            throw new FailureException("the checkpoint " + directory + " cannot be read: " + e.getMessage(), e);
        }
    }

    private void verifyState() {
        try {
            List<String> stateFiles = StateFiles.required(manifest.files().keySet());
            for (String name : stateFiles) {
                verifyHash(
                        directory, name, Objects.requireNonNull(manifest.files().get(name)));
            }
            StateFiles.open(directory, stateFiles);
        } catch (IOException | InputException e) {
            throw new FailureException("the checkpoint " + directory + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * The newest checkpoint of a run.
     *
     * @throws InputException if there is no run
     * @throws FailureException if it is damaged
     */
    public static Checkpoint latest(Path run) {
        return openModel(pointed(run, LATEST));
    }

    /**
     * The best checkpoint of a run by its monitored metric; the newest where that metric was never a number.
     *
     * @throws InputException if there is no run
     * @throws FailureException if it is damaged
     */
    public static Checkpoint best(Path run) {
        return openModel(pointed(run, Files.isRegularFile(run.resolve(BEST)) ? BEST : LATEST));
    }

    /** The checkpoint of a run after so many steps, which another worker has chosen. */
    public static Checkpoint ofStep(Path run, long step) {
        return open(run.resolve(DIRECTORY).resolve(name(step)));
    }

    /** The name of a checkpoint after so many steps. */
    static String name(long step) {
        return String.format(Locale.ROOT, "step-%08d", step);
    }

    /**
     * The checkpoint to go on from: the newest, or, if that is damaged, the newest sound one before it, with a warning
     * in the log.
     *
     * @throws InputException if there is no run
     * @throws FailureException if no checkpoint is sound
     */
    public static Checkpoint newestSound(Path run) {
        FailureException first;
        try {
            return open(pointed(run, LATEST));
        } catch (FailureException e) {
            first = e;
        }
        for (Path other : newestFirst(run)) {
            try {
                Checkpoint checkpoint = open(other);
                LOG.warn("{}; going on from {} instead", first.getMessage(), other.getFileName());
                return checkpoint;
            } catch (FailureException e) {
                LOG.warn("{}", e.getMessage());
            }
        }
        throw first;
    }

    /** Whether a directory holds a run with a checkpoint. */
    public static boolean existsIn(Path run) {
        return Files.isRegularFile(run.resolve(LATEST));
    }

    /** What a run's newest checkpoint is called, without opening it; empty while there is none. */
    public static Optional<String> newestName(Path run) {
        try {
            return Optional.of(Files.readString(run.resolve(LATEST)).strip());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new FailureException("cannot read " + run.resolve(LATEST) + ": " + e.getMessage(), e);
        }
    }

    private static Path pointed(Path run, String pointer) {
        if (!existsIn(run)) {
            throw new InputException("expected a run with checkpoints, found none at " + run
                    + ": train first, or give the directory that was passed to --out");
        }
        String name;
        try {
            name = Files.readString(run.resolve(pointer)).strip();
        } catch (IOException e) {
            throw new FailureException("the file " + run.resolve(pointer) + " cannot be read: " + e, e);
        }
        if (!name.matches(NAME_PATTERN)) {
            throw new FailureException("the file " + run.resolve(pointer) + " does not name a checkpoint");
        }
        Path directory = run.resolve(DIRECTORY).resolve(name);
        if (!Files.isDirectory(directory)) {
            throw new FailureException("the checkpoint " + directory + " is missing, which " + pointer + " names");
        }
        return directory;
    }

    /** The directories of complete checkpoints of a run, the newest first. */
    static List<Path> newestFirst(Path run) {
        try (Stream<Path> all = Files.list(run.resolve(DIRECTORY))) {
            return all.filter(p -> p.getFileName().toString().matches(NAME_PATTERN))
                    .sorted(Comparator.comparingLong(Checkpoint::step).reversed())
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static long step(Path directory) {
        return Long.parseLong(directory.getFileName().toString().substring("step-".length()));
    }

    public Path directory() {
        return directory;
    }

    public Manifest manifest() {
        return manifest;
    }

    /** The model's description, its inputs and its preprocessing. */
    public ModelFile description() {
        return model;
    }

    public TrainerFile trainer() {
        return trainer;
    }

    /** Builds the model with the weights. The caller closes it. */
    public Model load() {
        return Model.build(
                model.model(),
                model.specs(),
                FirstValues.loaded(Weights.of(source())),
                ParameterGroups.none(),
                Device.CPU);
    }

    /** Parameters and buffers by name, as a source for other models. */
    public TensorSource source() {
        return TensorSource.open(directory.resolve(WEIGHTS));
    }

    /** Parameters and buffers by name, in the caller's scope. */
    public Map<String, Tensor> weights() {
        SafetensorsFile opened = weightsFile();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String name : opened.names()) {
            tensors.put(name, opened.read(name));
        }
        return tensors;
    }

    /** Parameters and buffers by name, to be read one by one. */
    public SafetensorsFile weightsFile() {
        return Safetensors.open(directory.resolve(WEIGHTS));
    }

    /** The flat state of optimizer and averages, whoever wrote it. @throws FailureException if it is damaged */
    public StateFiles state() {
        verifyState();
        return StateFiles.open(directory, StateFiles.required(manifest.files().keySet()));
    }

    private static void verifySize(Path directory, String name, Manifest.Entry expected) throws IOException {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
            throw damaged(directory, MANIFEST, "it lists a file with the name \"" + name + "\"");
        }
        Path file = directory.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw damaged(directory, name, "the file is missing");
        }
        long bytes = Files.size(file);
        if (bytes != expected.bytes()) {
            throw damaged(directory, name, "expected " + expected.bytes() + " bytes, found " + bytes);
        }
    }

    private static void verifyHash(Path directory, String name, Manifest.Entry expected) throws IOException {
        String sha256 = Hashes.sha256(directory.resolve(name));
        if (!sha256.equals(expected.sha256())) {
            throw damaged(directory, name, "expected SHA-256 " + expected.sha256() + ", found " + sha256);
        }
    }

    private static FailureException damaged(Path directory, String file, String how) {
        return new FailureException("the checkpoint " + directory + " is damaged: " + file + ": " + how
                + "; use another checkpoint of the run, or resume the training, which goes back to a sound one");
    }

    /** The path and where training stood. */
    @Override
    public String toString() {
        return "Checkpoint[" + directory + ", step " + trainer.step() + ", " + trainer.metrics() + "]";
    }
}
