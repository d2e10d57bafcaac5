package dev.jumbo.serve.repository.disk;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.files.Sha256;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.RunDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads which models and versions a directory has. Names that begin with a point or that a copy has on its way, and files beside the
 * directories, are left aside. So is what somebody may have meant as a model or a version and is none, with a line in the log, once. A link
 * counts as what it leads to, if that is inside the repository, as the mounted configuration maps of Kubernetes have them.
 */
public final class RepositoryScan {
    private static final Logger LOG = LoggerFactory.getLogger(RepositoryScan.class);

    /** What a model of ONNX is called in its directory. */
    public static final String ONNX = "model.onnx";

    /** What is said about a model, beside its versions. */
    public static final String CONFIG = "config.yaml";

    private static final int MOST_TOLD = 1000;

    private static final String WEIGHTS = "model.safetensors";

    private final Path root;

    /** What the log says already. */
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    private boolean silent;

    private RepositoryScan(Path root) {
        this.root = root;
    }

    /** @throws InputException if there is no such directory */
    public static RepositoryScan of(Path directory) {
        try {
            Path real = directory.toRealPath();
            if (!Files.isDirectory(real)) {
                throw new NotDirectoryException(directory.toString());
            }
            return new RepositoryScan(real);
        } catch (NoSuchFileException | NotDirectoryException e) {
            throw new InputException("expected a directory with models, found none at " + directory, e);
        } catch (IOException e) {
            throw new FailureException("cannot read " + directory + ": " + e, e);
        }
    }

    /** As {@link #of}, of one that says nothing in the log. */
    public static RepositoryScan silent(Path directory) {
        RepositoryScan scan = of(directory);
        scan.silent = true;
        return scan;
    }

    /** Why the directory cannot be read now, as of a mount that is lost; null if it can: what it does not have is gone then. */
    public @Nullable String unreadable() {
        try (Stream<Path> entries = Files.list(root)) {
            entries.forEach(entry -> {}); // All of it, or an error in the middle would be its end.
            return null;
        } catch (NoSuchFileException e) {
            return "it is not there";
        } catch (IOException | UncheckedIOException e) {
            return reason(e);
        }
    }

    /** Names of models: directories that may hold versions. */
    public List<String> models() {
        return names(root, "");
    }

    /** The real directory of a model; null if there is none inside the repository. */
    public @Nullable Path model(String model) {
        if (!VersionNames.isName(model)) {
            return null;
        }
        try {
            return inside(root.resolve(model));
        } catch (IOException e) {
            return null;
        }
    }

    /** What lies as {@code config.yaml} in a model's directory. */
    public FoundConfig config(String model) {
        Path directory = model(model);
        return directory == null ? FoundConfig.ABSENT : FoundConfig.of(root, directory.resolve(CONFIG));
    }

    /** The versions of a model as they are now, in order. */
    public Map<String, FoundVersion> versions(String model) {
        Map<String, FoundVersion> found = new TreeMap<>(VersionNames.ORDER);
        Path directory = model(model);
        if (directory == null) {
            if (VersionNames.isName(model) && Files.isDirectory(root.resolve(model))) {
                tell(model, "left aside: it is a link out of the repository");
            }
            return found;
        }
        for (String version : names(directory, model + "/")) {
            FoundVersion read = version(model, version, directory.resolve(version));
            if (read != null) {
                found.put(version, read);
                if (read.refused() != null) {
                    tell(model + "/" + version, read.refused());
                }
            }
        }
        tellOfNumbers(model, found.keySet());
        if (found.values().stream().allMatch(version -> version.form() == null)) {
            for (String file : List.of(Checkpoint.MANIFEST, "LATEST", ONNX)) {
                if (Files.exists(directory.resolve(file))) {
                    tell(model, "it has " + file + " itself; move what it holds to " + model + "/1");
                }
            }
        }
        return found;
    }

    /** Which of two names of one number is the newer one, nobody would guess. */
    private void tellOfNumbers(String model, Collection<String> versions) {
        String before = "";
        for (String version : versions) {
            if (VersionNames.isSameNumber(before, version)) {
                tell(
                        model + "/" + version,
                        "it is the same number as " + before + ", and counts as the newer of both; rename one of them");
            }
            before = version;
        }
    }

    /** Once, or a look every two seconds would fill the log. */
    private void tell(String place, String why) {
        if (!silent && told.size() < MOST_TOLD && told.add(place + ": " + why)) {
            LOG.warn("{}: {}", shown(place), why);
        }
    }

    /** A name on a disk may have any letters. */
    private static String shown(String name) {
        String clean = name.replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= 200 ? clean : clean.substring(0, 200) + "...";
    }

    private @Nullable FoundVersion version(String model, String version, Path path) {
        try {
            Path real = inside(path);
            return real == null
                    ? FoundVersion.unreadable(
                            model, version, path, "outside", null, "it is a link out of the repository")
                    : read(model, version, real);
        } catch (NoSuchFileException e) {
            // It vanished, or is being renamed: the next look tells.
            return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                    ? FoundVersion.unreadable(model, version, path, "vanishing", "a file of it is not there", null)
                    : null;
        } catch (IOException e) {
            String lacks = "it cannot be read (" + reason(e) + ")";
            return FoundVersion.unreadable(model, version, path, "unreadable", lacks, null);
        }
    }

    private FoundVersion read(String model, String version, Path real) throws IOException {
        VersionFiles files;
        try {
            files = VersionFiles.read(root, real);
        } catch (VersionFiles.Refused e) {
            String refused = String.valueOf(e.getMessage());
            return FoundVersion.unreadable(model, version, real, "refused " + refused, null, refused);
        }
        FoundVersion.Form form = form(files);
        String stamp = files.stamp();
        if (form == null) {
            String lacks = "expected a checkpoint (" + Checkpoint.MANIFEST + "), the directory of a run, or " + ONNX;
            return new FoundVersion(model, version, real, null, stamp, "", files.changedMillis(), 0, lacks, null);
        }
        String content = switch (form) {
            case CHECKPOINT -> Sha256.of(files.path(Checkpoint.MANIFEST));
            case RUN -> ofRun(real);
            case ONNX -> stamp;
        };
        // A run has the weights of several checkpoints, one of which is loaded.
        long bytes = form == FoundVersion.Form.ONNX ? files.bytes() : files.largest(WEIGHTS);
        String lacks = content.isEmpty() ? "the checkpoint that it names is not there" : null;
        return new FoundVersion(model, version, real, form, stamp, content, files.changedMillis(), bytes, lacks, null);
    }

    private static FoundVersion.@Nullable Form form(VersionFiles files) {
        if (files.has(Checkpoint.MANIFEST)) {
            return FoundVersion.Form.CHECKPOINT;
        }
        if (files.has("LATEST")) {
            return FoundVersion.Form.RUN;
        }
        return files.has(ONNX) ? FoundVersion.Form.ONNX : null;
    }

    /** The manifest of the checkpoint that answers; empty while there is none. */
    private static String ofRun(Path run) throws IOException {
        Path manifest = new RunDirectory(run)
                .answering()
                .map(checkpoint -> checkpoint.resolve(Checkpoint.MANIFEST))
                .filter(Files::isRegularFile)
                .orElse(null);
        return manifest == null ? "" : Sha256.of(manifest);
    }

    /** The real path of a directory, if it is inside. */
    private @Nullable Path inside(Path path) throws IOException {
        Path real = path.toRealPath();
        return real.startsWith(root) && Files.isDirectory(real) ? real : null;
    }

    /** @param place of the directory, for the log */
    private List<String> names(Path directory, String place) {
        List<String> names = new ArrayList<>();
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                String name = entry.getFileName().toString();
                if (VersionNames.isName(name) && Files.isDirectory(entry)) {
                    names.add(name);
                } else if (!VersionNames.isLeftAside(name)) {
                    tellOfOther(entry, place + name);
                }
            }
        } catch (NoSuchFileException e) {
            return List.of(); // Removed meanwhile.
        } catch (IOException e) {
            throw new FailureException("its directory cannot be read: " + reason(e), e);
        }
        names.sort(VersionNames.ORDER);
        return names;
    }

    private void tellOfOther(Path entry, String place) {
        if (Files.isDirectory(entry)) {
            tell(
                    place,
                    "left aside: expected a name that matches [A-Za-z0-9][A-Za-z0-9._-]{0,63}; rename the directory");
        } else if (Files.isSymbolicLink(entry) && !Files.exists(entry)) {
            tell(place, "left aside: it is a link to what is not there");
        }
    }

    private static String reason(Exception e) {
        return e.getClass().getSimpleName().replace("Exception", "");
    }
}
