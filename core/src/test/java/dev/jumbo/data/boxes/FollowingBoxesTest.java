package dev.jumbo.data.boxes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.JsonFixture;
import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Augmentation;
import dev.jumbo.data.Batch;
import dev.jumbo.data.Column;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Loader;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.Row;
import dev.jumbo.data.augment.Augmentations;
import dev.jumbo.data.augment.Chain;
import dev.jumbo.data.augment.Crop;
import dev.jumbo.data.augment.Flip;
import dev.jumbo.data.image.Images;
import dev.jumbo.data.sets.RaggedDataset;
import dev.jumbo.data.transform.RawDataset;
import dev.jumbo.data.transform.ResizeImage;
import dev.jumbo.data.transform.Tokenize;
import dev.jumbo.data.transform.Transformed;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Boxes of an example go where its picture goes: a bright rectangle is found in its box again. */
class FollowingBoxesTest {
    private static final int MOST = 3;
    private static final Field PHOTO = Field.bytes("photo", new Meaning.Image());
    private static final Field BOXES = new Field("boxes", Spec.floats(MOST, 4).varying(0), new Meaning.Boxes());

    /** A picture with a white rectangle on black. */
    private static float[] painted(int width, int height, float[] box) {
        float[] values = new float[3 * width * height];
        for (int i = 0; i < values.length; i++) {
            int x = i % width;
            int y = i / width % height;
            values[i] = x >= box[0] && x < box[2] && y >= box[1] && y < box[3] ? 255 : 0;
        }
        return values;
    }

    /** Left, top, right and bottom of what is bright; zeros where nothing is. */
    private static float[] bright(float[] values, int offset, int width, int height) {
        int[] found = {width, height, 0, 0};
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                if (values[offset + y * width + x] > 127) {
                    found[0] = Math.min(found[0], x);
                    found[1] = Math.min(found[1], y);
                    found[2] = Math.max(found[2], x + 1);
                    found[3] = Math.max(found[3], y + 1);
                }
            }
        }
        return found[2] == 0 ? new float[4] : new float[] {found[0], found[1], found[2], found[3]};
    }

    @Test
    void pictures_and_boxes_are_fitted_as_by_torchvision() {
        for (JsonNode fit : JsonFixture.read("boxes").get("fits")) {
            int width = fit.get("width").asInt();
            int height = fit.get("height").asInt();
            byte[] file = Images.png(JsonFixture.floats(fit.get("picture")), Shape.of(3, height, width));
            float[] boxes = new float[16];
            for (int i = 0; i < 16; i++) {
                boxes[i] = (float) fit.get("boxes").get(i / 4).get(i % 4).asDouble();
            }
            Field four = new Field("boxes", Spec.floats(4, 4), new Meaning.Boxes());
            Dataset raw = RaggedDataset.of(
                    List.of(new Column.Bytes(PHOTO, new byte[][] {file})), List.of(ArrayDataset.column(four, boxes)));
            Shape shape = Shape.of(3, fit.at("/to/1").asInt(), fit.at("/to/0").asInt());
            ResizeImage.Fit how =
                    ResizeImage.Fit.valueOf(fit.get("fit").asText().toUpperCase(Locale.ROOT));
            Dataset seen = Transformed.fitted(RawDataset.of(raw, Map.of("photo", new ResizeImage(shape, how, 0))));
            Row row = Row.single(seen);
            seen.read(0, row);
            String name = fit.get("fit") + " " + width + "x" + height + " to " + shape;
            assertThat(row.floats(1)).as(name).containsExactly(JsonFixture.floats(fit.get("expected")), within(1e-4f));
            assertThat(row.floats(0))
                    .as(name)
                    .containsExactly(JsonFixture.floats(fit.get("pixels")), within(1.01f)); // rounded, as pictures are
        }
    }

    @ParameterizedTest
    @EnumSource(ResizeImage.Fit.class)
    void a_rectangle_is_found_in_its_box_when_a_file_is_resized(ResizeImage.Fit fit) {
        Random random = new Random(5);
        for (int i = 0; i < 20; i++) {
            int width = 40 + random.nextInt(60);
            int height = 40 + random.nextInt(60);
            float[] box = box(random, width, height);
            Dataset raw = RaggedDataset.of(
                    List.of(new Column.Bytes(
                            PHOTO, new byte[][] {Images.png(painted(width, height, box), Shape.of(3, height, width))})),
                    List.of(RaggedDataset.column(BOXES, new float[][] {box}), labels(1)));
            ResizeImage resize = new ResizeImage(Shape.of(3, 32, 48), fit, 7);
            Dataset seen = Transformed.fitted(RawDataset.of(raw, Map.of("photo", resize)));
            Batch batch = Loader.of(seen).inOrder().batchSize(1).build().first();
            float[] found = bright(batch.inputs().get(0).floats(), 0, 48, 32);
            float[] followed = Arrays.copyOf(batch.targets().get(0).floats(), 4);
            if (followed[2] - followed[0] > 1.5 && followed[3] - followed[1] > 1.5) {
                assertThat(followed).containsExactly(found, within(1.01f)); // edges within a pixel
            }
        }
    }

    private static float[] box(Random random, int width, int height) {
        int left = random.nextInt(width - 10);
        int top = random.nextInt(height - 10);
        return new float[] {
            left, top, left + 6 + random.nextInt(width - left - 6), top + 6 + random.nextInt(height - top - 6)
        };
    }

    private static Column labels(int count) {
        long[][] ids = new long[count][];
        Arrays.setAll(ids, i -> new long[] {1});
        return RaggedDataset.column(Field.ids("labels", Shape.of(1)).ragged(MOST), ids);
    }

    private static Dataset pictures(int count) {
        Random random = new Random(6);
        float[] all = new float[count * 3 * 20 * 24];
        float[][] boxes = new float[count][];
        for (int i = 0; i < count; i++) {
            boxes[i] = box(random, 24, 20);
            System.arraycopy(painted(24, 20, boxes[i]), 0, all, i * 3 * 20 * 24, 3 * 20 * 24);
        }
        boxes[0] = new float[] {boxes[0][0], boxes[0][1], boxes[0][2], boxes[0][3], 1, 1, 2, 2}; // another one, black
        Column images = ArrayDataset.column(Field.floats("image", Shape.of(3, 20, 24)), all);
        return RaggedDataset.of(List.of(images), List.of(RaggedDataset.column(BOXES, boxes)));
    }

    private static Batch batch(Dataset data, Augmentation... augmentations) {
        return Loader.of(data)
                .batchSize(data.size())
                .augmentations(List.of(augmentations))
                .shuffle(RandomState.of(3))
                .build()
                .first();
    }

    @Test
    void a_rectangle_is_found_in_its_box_when_a_picture_is_augmented() {
        Dataset data = pictures(64);
        Augmentation[] all = {
            Augmentations.sometimes(0.5, new Chain(List.of(new Flip(0.5, 0.5), Augmentations.shift(4)))),
            new Crop(6, false),
            Augmentations.noise(3)
        };
        Batch batch = batch(data, all);
        Column boxes = batch.targets().get(0);
        int each = boxes.field().elements();
        boolean moved = false;
        for (int i = 0; i < 64; i++) {
            float[] own = Arrays.copyOfRange(boxes.floats(), i * each, i * each + 4);
            float[] found = bright(batch.inputs().get(0).floats(), i * 3 * 20 * 24, 24, 20);
            boolean empty = own[2] <= own[0] || own[3] <= own[1];
            assertThat(empty ? new float[4] : own).containsExactly(found);
            moved |= own[0] == 0 || empty;
        }
        assertThat(moved).as("some are cut").isTrue();
        assertThat(batch.inputs().get(0).floats())
                .as("the same draws as without boxes")
                .containsExactly(batch(without(data), all).inputs().get(0).floats());
    }

    private static Dataset without(Dataset data) {
        float[] all = new float[data.size() * 3 * 20 * 24];
        Row row = Row.single(data);
        for (int i = 0; i < data.size(); i++) {
            data.read(i, row);
            System.arraycopy(row.floats(0), 0, all, i * 3 * 20 * 24, 3 * 20 * 24);
        }
        return ArrayDataset.of(
                List.of(ArrayDataset.column(Field.floats("image", Shape.of(3, 20, 24)), all)),
                List.of(ArrayDataset.column(Field.floats("y", Shape.of()), new float[data.size()])));
    }

    @Test
    void padding_of_shorter_examples_stays_zero() {
        Batch batch = batch(pictures(8), new Flip(1, 0));
        Column boxes = batch.targets().get(0);
        int each = boxes.field().elements();
        int twos = 0;
        for (int i = 0; i < 8; i++) {
            float[] second = Arrays.copyOfRange(boxes.floats(), i * each + 4, i * each + 8);
            twos += Arrays.equals(second, new float[4]) ? 0 : 1;
        }
        assertThat(twos).as("the one example of two boxes").isEqualTo(1);
    }

    @Test
    void what_boxes_cannot_follow_is_refused() {
        assertThatThrownBy(() -> batch(pictures(4), Augmentations.rotation(10)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected one that boxes can follow")
                .hasMessageContaining("Rotation");
        Dataset two = RaggedDataset.of(
                List.of(
                        new Column.Bytes(PHOTO, new byte[][] {png()}),
                        new Column.Bytes(Field.bytes("other", new Meaning.Image()), new byte[][] {png()})),
                List.of(RaggedDataset.column(BOXES, new float[][] {{0, 0, 1, 1}})));
        Dataset seen = Transformed.fitted(RawDataset.of(
                two, Map.of("photo", new ResizeImage(Shape.of(3, 4, 4)), "other", new ResizeImage(Shape.of(3, 4, 4)))));
        assertThatThrownBy(() -> seen.read(0, Row.single(seen)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected one picture for the boxes of an example, received several");
        Dataset wrong = RaggedDataset.of(
                List.of(new Column.Bytes(PHOTO, new byte[][] {png()})),
                List.of(RaggedDataset.column(BOXES, new float[][] {{3, 0, 1, 1}})));
        Dataset crossed = Transformed.fitted(RawDataset.of(wrong, Map.of("photo", new ResizeImage(Shape.of(3, 4, 4)))));
        assertThatThrownBy(() -> crossed.read(0, Row.single(crossed)))
                .hasMessageStartingWith("row 0: expected boxes of left, top, right and bottom");
    }

    @Test
    void boxes_beside_no_picture_that_is_transformed_stay_as_they_are() {
        Dataset raw = RaggedDataset.of(
                List.of(Column.Bytes.of(Field.text("words"), "a b")),
                List.of(RaggedDataset.column(BOXES, new float[][] {{1, 2, 3, 4}})));
        Dataset seen = Transformed.fitted(RawDataset.of(raw, Map.of("words", Tokenize.words(10))));
        Row row = Row.single(seen);
        seen.read(0, row);
        assertThat(row.floats(1)).startsWith(1, 2, 3, 4);
    }

    private static byte[] png() {
        return Images.png(new float[3 * 8 * 8], Shape.of(3, 8, 8));
    }
}
