package dev.jumbo.data.source;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.image.PictureFolders;
import dev.jumbo.error.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of a dataset in folders of their own: train, and where they are there, validation and test; or one folder.
 *
 * @param kind of the source, as files name it
 * @param dir of the data
 * @param train name of the folder of the training examples
 * @param validation likewise; {@code val}, {@code valid} and {@code dev} are understood where it is {@value #VALIDATION}
 * @param test likewise
 */
record Folders(String kind, @Nullable Path dir, String train, String validation, String test) {
    /** What the folder is called if nothing is said. */
    static final String VALIDATION = "validation";

    /** Likewise. */
    static final String TEST = "test";

    private static final List<String> SHORT = List.of("val", "valid", "dev");
    private static final Set<String> PARTS =
            Set.of("train", "training", "val", "valid", VALIDATION, "dev", "eval", TEST, "testing");
    private static final Logger LOG = LoggerFactory.getLogger(Folders.class);

    /**
     * Reads all parts. A folder beside them that is not read is named in a warning.
     *
     * @param open reads one part
     * @throws InputException if there is no directory, a named folder is not there, or a part has other classes
     */
    DataParts load(Function<Path, Dataset> open) {
        if (dir == null) {
            throw new InputException(kind + ": expected the directory of the data, received none: set data.dir");
        }
        Path learned = dir.resolve(train);
        if (!Files.isDirectory(learned)) {
            requireNoParts(dir);
            return DataParts.of(open.apply(dir), null, null);
        }
        Path held = validation(dir);
        Path tested = named(dir, test, TEST, "test");
        nameOthers(dir, learned, held, tested);
        Dataset examples = open.apply(learned);
        return DataParts.of(examples, part(learned, held, examples, open), part(learned, tested, examples, open));
    }

    /** Without a folder for training, folders of other parts would be taken for classes. */
    private void requireNoParts(Path all) {
        if (!train.equals("train")) {
            throw new InputException(
                    kind + ": expected a folder \"" + train + "\" in " + all + ", found none; check the key train");
        }
        if (!Files.isDirectory(all)) {
            return;
        }
        List<String> parts = folders(all).stream()
                .filter(path -> PARTS.contains(name(path).toLowerCase(Locale.ROOT)))
                .filter(path -> PictureFolders.list(path).stream().anyMatch(Folders::isInside))
                .map(Folders::name)
                .toList();
        if (!parts.isEmpty()) {
            throw new InputException(kind + ": expected a folder \"train\" in " + all + " beside " + parts
                    + ", found none; rename the folder of the training examples, or name it by the key train");
        }
    }

    private static boolean isInside(Path path) {
        return Files.isDirectory(path) || name(path).endsWith(".tar");
    }

    private @Nullable Path validation(Path all) {
        if (!validation.equals(VALIDATION)) {
            return named(all, validation, VALIDATION, VALIDATION);
        }
        List<Path> found = new ArrayList<>();
        found.add(all.resolve(VALIDATION));
        SHORT.forEach(name -> found.add(all.resolve(name)));
        found.removeIf(path -> !Files.isDirectory(path)
                || name(path).equals(test)
                || name(path).equals(train));
        if (found.size() > 1) {
            throw new InputException(kind + ": expected one folder of validation examples in " + all + ", found "
                    + found.stream().map(Folders::name).toList() + "; name the right one by the key validation, as in"
                    + " validation: " + name(found.get(0)));
        }
        return found.isEmpty() ? null : found.get(0);
    }

    private @Nullable Path named(Path all, String name, String standard, String key) {
        Path path = all.resolve(name);
        if (Files.isDirectory(path)) {
            return path;
        }
        if (!name.equals(standard)) {
            throw new InputException(
                    kind + ": expected a folder \"" + name + "\" in " + all + ", found none; check the key " + key);
        }
        return null;
    }

    private void nameOthers(Path all, Path learned, @Nullable Path held, @Nullable Path tested) {
        String others = folders(all).stream()
                .filter(path -> !path.equals(learned) && !path.equals(held) && !path.equals(tested))
                .map(Folders::name)
                .collect(Collectors.joining(", "));
        if (!others.isEmpty()) {
            LOG.warn(
                    "{}: not read in {}: {}; what is there is trained and measured on only if it is named, as in"
                            + " {}: {validation: {}} or test: {}",
                    kind,
                    all,
                    others,
                    kind,
                    "NAME",
                    "NAME");
        }
    }

    private static List<Path> folders(Path all) {
        return PictureFolders.list(all).stream()
                .filter(path -> Files.isDirectory(path) && !PictureFolders.isHidden(path))
                .toList();
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    private static @Nullable Dataset part(
            Path learned, @Nullable Path dir, Dataset train, Function<Path, Dataset> open) {
        if (dir == null) {
            return null;
        }
        Dataset part = open.apply(dir);
        List<String> expected = train.targets().get(0).classes();
        List<String> received = part.targets().get(0).classes();
        if (!expected.equals(received)) {
            String missing = without(expected, received);
            String more = without(received, expected);
            throw new InputException(dir + ": expected the classes of " + learned + ", but "
                    + (missing.isEmpty() ? "" : "it has none of " + missing)
                    + (missing.isEmpty() || more.isEmpty() ? "" : ", and ")
                    + (more.isEmpty() ? "" : learned + " has none of " + more)
                    + (missing.isEmpty() && more.isEmpty() ? "they have another order" : "")
                    + "; rename the folder, or make an empty one for a class without examples");
        }
        return part;
    }

    private static String without(List<String> all, List<String> others) {
        return all.stream()
                .filter(name -> !others.contains(name))
                .map(name -> '"' + name + '"')
                .collect(Collectors.joining(", "));
    }
}
