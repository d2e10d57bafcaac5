package dev.jumbo.data.shards;

import dev.jumbo.config.Doc;
import dev.jumbo.error.InputException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * What {@code manifest.json} of a set of tar shards holds.
 *
 * @param format version of this format: 1
 * @param kind {@value #KIND}
 * @param classes names of the classes that {@code .cls} files number, or empty
 * @param seed of the order of the examples
 * @param examples in all shards
 * @param shards in the order in which they are read
 */
public record TarManifest(
        @Doc("Version of this format: 1.") int format,
        @Doc("What the shards hold: tar_shards.") String kind,
        @Doc("Names of the classes by their numbers.") List<String> classes,
        @Doc("The seed of the order of the examples.") long seed,
        @Doc("Examples in all shards.") long examples,
        @Doc("The shards in order.") List<TarShard> shards) {
    /** The kind of set. */
    public static final String KIND = "tar_shards";

    private static final int FORMAT = 1;

    public TarManifest {
        classes = List.copyOf(classes);
        shards = List.copyOf(shards);
        if (format != FORMAT) {
            throw new InputException("expected tar shards of the format " + FORMAT + ", received " + format
                    + "; use the version of Jumbo that wrote them");
        }
    }

    /**
     * Makes a set of complete shards in a directory: writes its manifest, after which the set is there.
     *
     * @param classes names by class id, or empty
     * @param shards as the writers returned them, in any order; they are read in the order of their names
     * @throws InputException if a shard is missing or has another length, or if the directory holds a set already
     */
    public static TarManifest publish(Path dir, List<String> classes, long seed, List<TarShard> shards) {
        List<TarShard> sorted = shards.stream()
                .sorted(Comparator.comparingInt((TarShard s) -> s.name().length())
                        .thenComparing(TarShard::name))
                .toList();
        TarManifest manifest = new TarManifest(
                FORMAT,
                KIND,
                classes,
                seed,
                sorted.stream().mapToLong(TarShard::examples).sum(),
                sorted);
        TarShardWriter.deleteTemporaries(dir);
        Manifests.write(dir, TarManifest.class, manifest, manifest.files());
        return manifest;
    }

    /** Reads the manifest of a set. @throws InputException if there is none */
    public static TarManifest read(Path dir) {
        return Manifests.read(dir, TarManifest.class, KIND);
    }

    List<ShardFile> files() {
        return shards.stream()
                .map(s -> new ShardFile(s.name(), s.bytes(), s.sha256()))
                .toList();
    }
}
