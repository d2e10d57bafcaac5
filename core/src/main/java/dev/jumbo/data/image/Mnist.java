package dev.jumbo.data.image;

import dev.jumbo.data.download.Download;
import dev.jumbo.data.download.DownloadCache;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * MNIST: 70,000 handwritten digits, grey, 28 by 28 (LeCun, Bottou, Bengio, Haffner, <i>Gradient-based learning applied
 * to document recognition</i>, Proc. IEEE 86(11), 1998). Any data in the same four files, such as Fashion-MNIST, loads
 * as well.
 *
 * @param train 60,000 examples in the original
 * @param test 10,000 examples in the original
 */
public record Mnist(ImageDataset train, ImageDataset test) {
    /** A public mirror of the original files. */
    public static final URI MIRROR = URI.create("https://storage.googleapis.com/cvdf-datasets/mnist/");

    private static final List<Original> ORIGINALS = List.of(
            new Original(
                    "train-images-idx3-ubyte",
                    47_040_016,
                    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
            new Original(
                    "train-labels-idx1-ubyte",
                    60_008,
                    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
            new Original(
                    "t10k-images-idx3-ubyte",
                    7_840_016,
                    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
            new Original(
                    "t10k-labels-idx1-ubyte",
                    10_008,
                    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"));
    private static final List<String> DIGITS =
            IntStream.range(0, 10).mapToObj(Integer::toString).toList();

    /** A file without its {@code .gz}: its length and SHA-256. */
    private record Original(String name, long bytes, String sha256) {}

    /**
     * Reads the four IDX files of a directory, compressed ({@code .gz}) or not.
     *
     * @throws InputException if files are missing or not what they must be
     */
    public static Mnist load(Path dir) {
        List<Path> files = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (Original original : ORIGINALS) {
            String name = original.name();
            Path plain = dir.resolve(name);
            Path packed = dir.resolve(name + ".gz");
            if (Files.isRegularFile(plain)) {
                files.add(plain);
            } else if (Files.isRegularFile(packed)) {
                files.add(packed);
            } else {
                missing.add(name);
            }
        }
        if (!missing.isEmpty()) {
            throw new InputException(
                    "no MNIST in " + dir + ": missing " + String.join(", ", missing)
                            + " (each with or without .gz); put the files there, name the directory that has them, or leave the directory out to download them");
        }
        return new Mnist(split(files.get(0), files.get(1)), split(files.get(2), files.get(3)));
    }

    /**
     * Reads MNIST from the cache ({@link DownloadCache#directory}), after downloading what is not there yet: 12 MB, once.
     *
     * @throws FailureException if a file is missing and cannot be downloaded
     */
    public static Mnist download() {
        return download(MIRROR, DownloadCache.directory().resolve("mnist"));
    }

    /**
     * As {@link #download()}, from another mirror or to another directory.
     *
     * @param mirror the address of the directory that has the four files, compressed, as in {@code
     *     https://example.org/mnist/}
     */
    public static Mnist download(URI mirror, Path dir) {
        URI base = mirror.toString().endsWith("/") ? mirror : URI.create(mirror + "/");
        for (Original file : ORIGINALS) {
            if (!Files.isRegularFile(dir.resolve(file.name()))) {
                String packed = file.name() + ".gz";
                new Download(base.resolve(packed), dir.resolve(packed), file.sha256(), file.bytes()).fetch();
            }
        }
        return load(dir);
    }

    private static ImageDataset split(Path imageFile, Path labelFile) {
        IdxFile images = IdxFile.read(imageFile, 3);
        IdxFile labels = IdxFile.read(labelFile, 1);
        if (images.shape().size(0) != labels.shape().size(0)) {
            throw new InputException("expected as many labels as images, received "
                    + images.shape().size(0) + " images in " + imageFile + " and "
                    + labels.shape().size(0) + " labels in " + labelFile);
        }
        int[] ids = new int[labels.values().length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = labels.values()[i] & 0xFF;
        }
        Shape image = images.shape().slice(1, 3).prepend(1);
        return ImageDataset.of(image, images.values(), ids, DIGITS);
    }
}
