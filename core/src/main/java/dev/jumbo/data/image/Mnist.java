package dev.jumbo.data.image;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
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
    static final List<String> FILES = List.of(
            "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte");
    private static final List<String> DIGITS =
            IntStream.range(0, 10).mapToObj(Integer::toString).toList();

    /**
     * Reads the four IDX files of a directory, compressed ({@code .gz}) or not.
     *
     * @throws InputException if files are missing or not what they must be
     */
    public static Mnist load(Path dir) {
        List<Path> files = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String name : FILES) {
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
            throw new InputException("no MNIST in " + dir + ": missing " + String.join(", ", missing)
                    + " (each with or without .gz); put the files there, or name the directory that has them");
        }
        return new Mnist(split(files.get(0), files.get(1)), split(files.get(2), files.get(3)));
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
