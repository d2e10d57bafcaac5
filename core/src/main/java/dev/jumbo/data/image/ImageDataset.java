package dev.jumbo.data.image;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Normalization;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.data.Row;
import dev.jumbo.error.InputException;
import dev.jumbo.files.Sha256;
import dev.jumbo.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Images of one size with a class each, in memory as bytes: a quarter of what floats would take.
 *
 * <p>Fields: {@code image} FLOAT32 {@code [C, H, W]}, 0 to 255; {@code label} INT64 {@code []}, a class id.
 */
public final class ImageDataset implements Dataset {
    private final Field image;
    private final Field label;
    private final byte[] pixels;
    private final int[] labels;
    private volatile @Nullable String fingerprint;

    private ImageDataset(Field image, Field label, byte[] pixels, int[] labels) {
        this.image = image;
        this.label = label;
        this.pixels = pixels;
        this.labels = labels;
    }

    /**
     * A dataset over arrays, which are kept, not copied.
     *
     * @param image shape of one image, {@code [C, H, W]}
     * @param pixels unsigned bytes {@code [size, C, H, W]}
     * @param labels class ids, one an image
     * @param classes the names of the classes
     * @throws InputException if the counts do not agree or a label is not a class id
     */
    public static ImageDataset of(Shape image, byte[] pixels, int[] labels, List<String> classes) {
        if (image.rank() != 3 || image.elements() == 0) {
            throw new InputException("expected the shape of an image as [channels, height, width], received " + image);
        }
        if (pixels.length != labels.length * image.elements()) {
            throw new InputException("expected " + labels.length + " images of " + image
                    + " for as many labels, received " + pixels.length + " bytes, which are "
                    + (double) pixels.length / image.elements() + " images");
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes.size()) {
                throw new InputException("expected labels from 0 to " + (classes.size() - 1) + ", received " + labels[i]
                        + " for image " + i);
            }
        }
        return new ImageDataset(Field.floats("image", image), Field.classId("label", classes), pixels, labels);
    }

    @Override
    public int size() {
        return labels.length;
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
        float[] out = into.floats(0);
        int offset = into.offset(0);
        int elements = image.elements();
        int from = index * elements;
        for (int i = 0; i < elements; i++) {
            out[offset + i] = pixels[from + i] & 0xFF;
        }
        into.longs(1)[into.offset(1)] = labels[index];
    }

    @Override
    public long classId(int index) {
        return labels[index];
    }

    /** Bytes scaled to 0 to 1. */
    @Override
    public Preprocessing preprocessing() {
        return Normalization.rescale(this);
    }

    /** SHA-256 of shape, class names, labels and pixels; computed at the first call. */
    @Override
    public String fingerprint() {
        String known = fingerprint;
        if (known == null) {
            known = hash();
            fingerprint = known;
        }
        return known;
    }

    private String hash() {
        MessageDigest sha = Sha256.digest();
        sha.update((image.shape() + "\n" + String.join("\n", label.classes()) + "\n").getBytes(StandardCharsets.UTF_8));
        ByteBuffer ids = ByteBuffer.allocate(Integer.BYTES * labels.length);
        ids.asIntBuffer().put(labels);
        sha.update(ids);
        sha.update(pixels);
        return Sha256.hex(sha);
    }
}
