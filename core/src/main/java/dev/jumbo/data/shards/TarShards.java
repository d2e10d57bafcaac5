package dev.jumbo.data.shards;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.files.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tar shards in the layout of WebDataset with access to any example: memory-mapped, with an index of offsets beside each
 * shard. Members with the same name up to its first dot, one behind the other, are one example. Any number of threads may
 * read.
 *
 * <p>A set with a manifest is verified as {@link TokenShards} is. Without one, the {@code .tar} files of the directory
 * are the shards, in the order of their names, as they come from WebDataset's own tools.
 */
public final class TarShards {
    private final List<Path> files;
    private final List<ByteBuffer> tars;
    private final List<List<Example>> examples;
    private final int[] first;
    private final List<String> classes;
    private final String fingerprint;

    /** The members of one example. */
    private record Example(String key, List<TarIndex.Entry> parts) {}

    private TarShards(List<Path> files, List<ByteBuffer> tars, List<TarIndex> indexes, List<String> classes) {
        this.files = files;
        this.tars = tars;
        this.classes = classes;
        examples = indexes.stream().map(index -> group(index.entries())).toList();
        first = new int[files.size() + 1];
        MessageDigest sha = Sha256.digest();
        for (int i = 0; i < files.size(); i++) {
            first[i + 1] = Math.addExact(first[i], examples.get(i).size());
            sha.update((indexes.get(i).sha256() + "\n").getBytes(StandardCharsets.UTF_8));
        }
        sha.update(String.join("\n", classes).getBytes(StandardCharsets.UTF_8));
        fingerprint = Sha256.hex(sha);
    }

    /**
     * Opens the shards of a directory.
     *
     * @throws InputException if there are none, or if one is missing, damaged or no tar, naming the file
     */
    public static TarShards open(Path dir) {
        List<Path> files;
        List<@Nullable String> hashes = new ArrayList<>();
        List<String> classes = List.of();
        if (Files.isRegularFile(dir.resolve(Manifests.NAME))) {
            TarManifest manifest = TarManifest.read(dir);
            Verification.check(dir, manifest.files());
            files = manifest.shards().stream().map(s -> dir.resolve(s.name())).toList();
            manifest.shards().forEach(s -> hashes.add(s.sha256()));
            classes = manifest.classes();
        } else {
            files = tarsOf(dir);
            files.forEach(file -> hashes.add(null));
        }
        List<ByteBuffer> tars = files.stream().map(MappedFile::map).toList();
        List<TarIndex> indexes = IntStream.range(0, files.size())
                .parallel()
                .mapToObj(i -> TarIndex.of(files.get(i), tars.get(i), hashes.get(i)))
                .toList();
        return new TarShards(files, tars, indexes, classes);
    }

    private static List<Path> tarsOf(Path dir) {
        if (!Files.isDirectory(dir)) {
            throw new InputException("expected a directory of tar shards at " + dir + ", found none; check the path");
        }
        try (Stream<Path> all = Files.list(dir)) {
            List<Path> tars = all.filter(file -> file.getFileName().toString().endsWith(".tar"))
                    .sorted()
                    .toList();
            if (tars.isEmpty()) {
                throw new InputException("expected .tar files in " + dir + ", found none; check the path");
            }
            return tars;
        } catch (IOException e) {
            throw new FailureException("cannot read " + dir + ": " + e, e);
        }
    }

    /** Members whose names begin with a dot are left out, as the folder data that some archivers add. */
    private static List<Example> group(List<TarIndex.Entry> entries) {
        List<Example> examples = new ArrayList<>();
        int from = 0;
        List<TarIndex.Entry> visible = entries.stream()
                .filter(entry -> dot(entry.name()) > nameStart(entry.name()))
                .toList();
        for (int i = 1; i <= visible.size(); i++) {
            if (i == visible.size() || !key(visible.get(i)).equals(key(visible.get(from)))) {
                examples.add(new Example(key(visible.get(from)), List.copyOf(visible.subList(from, i))));
                from = i;
            }
        }
        return List.copyOf(examples);
    }

    private static String key(TarIndex.Entry entry) {
        return entry.name().substring(0, dot(entry.name()));
    }

    private static int nameStart(String name) {
        return name.lastIndexOf('/') + 1;
    }

    /** The first dot of the name's last part, or -1. */
    private static int dot(String name) {
        return name.indexOf('.', nameStart(name));
    }

    /** Examples in all shards. */
    public int size() {
        return first[first.length - 1];
    }

    /** Names of the classes by their numbers, where the manifest says them; otherwise empty. */
    public List<String> classes() {
        return classes;
    }

    /** SHA-256 over the hashes of all shards and the names of the classes. */
    public String fingerprint() {
        return fingerprint;
    }

    /** The name of an example without its extensions. */
    public String key(int example) {
        return example(example).key();
    }

    /** Where an example is, for messages: the shard's file and the key. */
    public String place(int example) {
        return files.get(shard(example)) + ": " + key(example);
    }

    /** What an example has, as {@code [cls, png]}. */
    public List<String> extensions(int example) {
        return example(example).parts().stream().map(TarShards::extension).toList();
    }

    /**
     * The content of one file of an example.
     *
     * @param extension what is behind the first dot of its name
     * @throws InputException if the example has no such file
     */
    public byte[] read(int example, String extension) {
        TarIndex.Entry part = part(example, extension);
        byte[] content = new byte[part.length()];
        tars.get(shard(example)).get(part.offset(), content);
        return content;
    }

    /** As {@link #read} of the text of a {@code .cls} file, from the index where it is short. */
    String label(int example) {
        TarIndex.Entry part = part(example, "cls");
        return part.label().isEmpty() ? new String(read(example, "cls"), StandardCharsets.UTF_8).strip() : part.label();
    }

    private TarIndex.Entry part(int example, String extension) {
        return example(example).parts().stream()
                .filter(entry -> extension(entry).equalsIgnoreCase(extension))
                .findFirst()
                .orElseThrow(() -> new InputException(
                        "expected a file ." + extension + " for " + place(example) + ", found " + extensions(example)));
    }

    private static String extension(TarIndex.Entry entry) {
        return entry.name().substring(dot(entry.name()) + 1);
    }

    private Example example(int example) {
        int shard = shard(example);
        return examples.get(shard).get(example - first[shard]);
    }

    private int shard(int example) {
        if (example < 0 || example >= size()) {
            throw new InputException("expected an example from 0 to " + (size() - 1) + ", received " + example);
        }
        int found = Arrays.binarySearch(first, example + 1);
        int shard = (found >= 0 ? found : -found - 1) - 1;
        while (first[shard] > example) {
            shard--; // Shards without examples have equal numbers, of which the search finds any.
        }
        return shard;
    }
}
