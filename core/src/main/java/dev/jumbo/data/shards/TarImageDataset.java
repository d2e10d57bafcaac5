package dev.jumbo.data.shards;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Normalization;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.data.Row;
import dev.jumbo.data.image.Images;
import dev.jumbo.data.split.Keys;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Images with a class each, from tar shards; decoded when they are read.
 *
 * <p>Fields: {@code image} FLOAT32 {@code [C, H, W]}, 0 to 255; {@code label} INT64 {@code []}, a class id. The image of an
 * example is its first file of {@code .png}, {@code .jpg} or {@code .jpeg}, in capitals or not, its class the content of {@code .cls}: a
 * number, or a name of a class.
 */
public final class TarImageDataset implements Dataset, Keys {
    private static final List<String> ENDINGS = List.of("png", "jpg", "jpeg");

    private final TarShards shards;
    private final Field image;
    private final Field label;
    private final int[] labels;

    private TarImageDataset(TarShards shards, Field image, Field label, int[] labels) {
        this.shards = shards;
        this.image = image;
        this.label = label;
        this.labels = labels;
    }

    /**
     * The images of a set.
     *
     * @param shape what images are resized to: {@code [1, H, W]} grey or {@code [3, H, W]} colour
     * @param classes names by class id; where empty, those of the manifest, or else the numbers themselves
     * @throws InputException if a class is not one of them
     */
    public static TarImageDataset of(TarShards shards, Shape shape, List<String> classes) {
        Images.requireShape(shape);
        if (shards.size() == 0) {
            throw new InputException("expected tar shards with examples, received empty ones");
        }
        List<String> named = classes.isEmpty() ? shards.classes() : classes;
        int[] labels = IntStream.range(0, shards.size())
                .map(i -> label(shards, i, named))
                .toArray();
        int highest = IntStream.of(labels).max().orElse(0);
        List<String> names = named.isEmpty()
                ? IntStream.rangeClosed(0, highest).mapToObj(Integer::toString).toList()
                : named;
        return new TarImageDataset(shards, Field.floats("image", shape), Field.classId("label", names), labels);
    }

    private static int label(TarShards shards, int example, List<String> named) {
        String text = shards.label(example);
        int byName = named.indexOf(text);
        if (byName >= 0) {
            return byName;
        }
        int id = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
        if (id < 0 || (!named.isEmpty() && id >= named.size())) {
            throw new InputException("expected a class "
                    + (named.isEmpty() ? "number" : "from 0 to " + (named.size() - 1) + " or one of " + named)
                    + " in " + shards.place(example) + ".cls, received \"" + text + "\"");
        }
        return id;
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

    /** @throws InputException if the image cannot be decoded, naming its shard and key */
    @Override
    public void read(int index, Row into) {
        List<String> endings = shards.extensions(index);
        String ending = ENDINGS.stream()
                .flatMap(known -> endings.stream().filter(known::equalsIgnoreCase))
                .findFirst()
                .orElseThrow(() -> new InputException(
                        "expected an image " + ENDINGS + " for " + shards.place(index) + ", found " + endings));
        float[] pixels;
        try {
            pixels = Images.example(shards.read(index, ending), image.shape());
        } catch (InputException e) {
            throw new InputException(shards.place(index) + ": " + e.getMessage(), e);
        }
        float[] out = into.floats(0);
        int offset = into.offset(0);
        for (int i = 0; i < pixels.length; i++) {
            out[offset + i] = pixels[i];
        }
        into.longs(1)[into.offset(1)] = labels[index];
    }

    @Override
    public long classId(int index) {
        return labels[index];
    }

    @Override
    public boolean mayBeSorted() {
        return true;
    }

    /** The last parts of the examples' keys. */
    @Override
    public List<String> fileNames() {
        return IntStream.range(0, labels.length)
                .mapToObj(shards::key)
                .map(key -> key.substring(key.lastIndexOf('/') + 1))
                .toList();
    }

    /** Bytes scaled to 0 to 1. */
    @Override
    public Preprocessing preprocessing() {
        return Normalization.rescale(this);
    }

    /** That of the shards, the shape and the classes. */
    @Override
    public String fingerprint() {
        return shards.fingerprint() + image.shape() + label.classes();
    }
}
