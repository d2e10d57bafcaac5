package dev.jumbo.data.image;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Normalization;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.data.Row;
import dev.jumbo.data.split.Keys;
import dev.jumbo.error.InputException;
import dev.jumbo.error.IoProblem;
import dev.jumbo.files.Sha256;
import dev.jumbo.tensor.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Pictures in a folder for each class, as torchvision's {@code ImageFolder}: {@code root/cat/1.png}, {@code
 * root/dog/a/2.jpg}. Classes are the names of the folders, sorted; files are in the order of their paths.
 *
 * <p>Every file is decoded once when the folder is opened: what cannot be is not an example, but is listed by {@link
 * #rejected}. Decoded pictures stay in memory as bytes up to {@link #CACHE_LIMIT}; beyond it they are decoded again each
 * time. Symbolic links are rejected, not followed; files and folders
 * whose names begin with a dot are passed over, and so is {@code __MACOSX}. A rotation in EXIF is not applied, as there.
 */
public final class ImageFolder implements Dataset, Keys {
    /** The most bytes of decoded pictures that are kept: 1 GiB. */
    public static final long CACHE_LIMIT = 1L << 30;

    private static final long FILE_LIMIT = 64L << 20;

    private final Field image;
    private final Field label;
    private final List<Picture> pictures;
    private final List<Rejected> rejected;
    private final String fingerprint;

    private sealed interface Outcome {}

    /** A file that is not an example, and why. */
    public record Rejected(Path file, String reason) implements Outcome {}

    /** @param pixels the decoded picture, or nothing where it is to be decoded again */
    @SuppressWarnings("ArrayRecordComponent") // Private, never compared.
    private record Picture(Path file, int label, byte[] pixels, String sha256) implements Outcome {}

    private ImageFolder(Field image, Field label, List<Picture> pictures, List<Rejected> rejected, String fingerprint) {
        this.image = image;
        this.label = label;
        this.pictures = pictures;
        this.rejected = rejected;
        this.fingerprint = fingerprint;
    }

    /** Opens a folder, and says in one line of the log which files are not examples; as {@link #open}. */
    public static ImageFolder of(Path root, Shape shape) {
        ImageFolder folder = open(root, shape);
        RejectedFiles.of(List.of(folder)).warn(null);
        return folder;
    }

    /**
     * Opens a folder; who calls this looks at {@link #rejected}.
     *
     * @param shape what pictures are resized to: {@code [1, H, W]} grey or {@code [3, H, W]} colour
     * @throws InputException if there is no folder of a class or no readable picture
     */
    public static ImageFolder open(Path root, Shape shape) {
        Images.requireShape(shape);
        List<Path> inside = PictureFolders.list(root).stream()
                .filter(path -> !PictureFolders.isHidden(path))
                .toList();
        List<Path> folders = inside.stream()
                .filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                .toList();
        List<Rejected> rejected = new ArrayList<>();
        for (Path path : inside) {
            if (!folders.contains(path)) {
                rejected.add(new Rejected(
                        path,
                        Files.isSymbolicLink(path)
                                ? "a symbolic link, which is not followed"
                                : "in no folder of a class"));
            }
        }
        if (folders.isEmpty()) {
            throw new InputException("expected a folder for each class in " + root + ", found "
                    + (rejected.isEmpty()
                            ? "none"
                            : "files or links, as " + rejected.get(0).file())
                    + "; put the pictures in folders named as their classes");
        }
        List<Path> files = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (int i = 0; i < folders.size(); i++) {
            for (Path file : PictureFolders.walk(folders.get(i))) {
                if (Files.isSymbolicLink(file)) {
                    rejected.add(new Rejected(file, "a symbolic link, which is not followed"));
                } else {
                    files.add(file);
                    labels.add(i);
                }
            }
        }
        boolean keep = files.size() * shape.elements() <= CACHE_LIMIT;
        List<Outcome> outcomes = IntStream.range(0, files.size())
                .parallel()
                .<Outcome>mapToObj(i -> open(files.get(i), labels.get(i), shape, keep))
                .toList();
        List<Picture> pictures = new ArrayList<>();
        MessageDigest sha = Sha256.digest();
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Picture picture) {
                pictures.add(picture);
                String line = root.relativize(picture.file()) + " " + picture.sha256() + "\n";
                sha.update(line.replace('\\', '/').getBytes(StandardCharsets.UTF_8));
            } else if (outcome instanceof Rejected refused) {
                rejected.add(refused);
            }
        }
        if (pictures.isEmpty()) {
            throw new InputException(
                    "expected PNG or JPEG files in the folders of " + root + ", found none that can be read"
                            + (rejected.isEmpty()
                                    ? ""
                                    : "; the first of " + rejected.size() + " others: "
                                            + rejected.get(0).file() + ": "
                                            + rejected.get(0).reason()));
        }
        sha.update(shape.toString().getBytes(StandardCharsets.UTF_8));
        List<String> classes =
                folders.stream().map(path -> path.getFileName().toString()).toList();
        return new ImageFolder(
                Field.floats("image", shape),
                Field.classId("label", classes),
                List.copyOf(pictures),
                List.copyOf(rejected),
                Sha256.hex(sha));
    }

    /** Files below the folders of classes that are not examples. */
    public List<Rejected> rejected() {
        return rejected;
    }

    @Override
    public int size() {
        return pictures.size();
    }

    @Override
    public List<Field> inputs() {
        return List.of(image);
    }

    @Override
    public List<Field> targets() {
        return List.of(label);
    }

    @Override
    public void read(int index, Row into) {
        Picture picture = pictures.get(index);
        float[] out = into.floats(0);
        int offset = into.offset(0);
        if (picture.pixels().length > 0) {
            for (int i = 0; i < picture.pixels().length; i++) {
                out[offset + i] = picture.pixels()[i] & 0xFF;
            }
        } else {
            // Rounded like the bytes above, so that an example does not depend on whether it is kept.
            byte[] pixels = bytes(Images.decode(contentOf(picture.file()), image.shape()));
            for (int i = 0; i < pixels.length; i++) {
                out[offset + i] = pixels[i] & 0xFF;
            }
        }
        into.longs(1)[into.offset(1)] = picture.label();
    }

    @Override
    public long classId(int index) {
        return pictures.get(index).label();
    }

    /** They are in the order of their classes. */
    @Override
    public boolean mayBeSorted() {
        return true;
    }

    /** Bytes scaled to 0 to 1. */
    @Override
    public Preprocessing preprocessing() {
        return Normalization.rescale(this);
    }

    @Override
    public List<String> fileNames() {
        return pictures.stream()
                .map(picture -> picture.file().getFileName().toString())
                .toList();
    }

    /** SHA-256 over the paths and the contents of all examples and the shape. */
    @Override
    public String fingerprint() {
        return fingerprint;
    }

    /** A {@link Picture}, or a {@link Rejected} with the reason. */
    private static Outcome open(Path file, int label, Shape shape, boolean keep) {
        try {
            byte[] content = contentOf(file);
            byte[] pixels = bytes(Images.decode(content, shape));
            MessageDigest sha = Sha256.digest();
            sha.update(content);
            return new Picture(file, label, keep ? pixels : new byte[0], Sha256.hex(sha));
        } catch (InputException e) {
            return new Rejected(file, String.valueOf(e.getMessage()));
        }
    }

    private static byte[] contentOf(Path file) {
        try {
            long size = Files.size(file);
            if (size > FILE_LIMIT) {
                throw new InputException("expected a file of at most " + FILE_LIMIT + " bytes, received " + size);
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new InputException("cannot read " + file + ": " + IoProblem.of(e), e);
        }
    }

    private static byte[] bytes(float[] values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Math.round(values[i]);
        }
        return bytes;
    }
}
