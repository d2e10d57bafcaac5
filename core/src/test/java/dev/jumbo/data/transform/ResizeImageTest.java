package dev.jumbo.data.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Column;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.Row;
import dev.jumbo.data.image.Images;
import dev.jumbo.data.sets.RaggedDataset;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResizeImageTest {
    private static final Field PHOTO = Field.bytes("photo", new Meaning.Image());

    @Test
    void files_become_the_pictures_that_image_folder_gives() {
        float[] pixels = new float[3 * 9 * 7];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = i;
        }
        byte[] file = Images.png(pixels, Shape.of(3, 9, 7));
        Dataset seen = dataset(file);
        assertThat(seen.inputs().get(0).shape()).isEqualTo(Shape.of(1, 4, 4));
        Row row = Row.single(seen);
        seen.read(0, row);
        assertThat(row.floats(0)).containsExactly(Images.example(file, Shape.of(1, 4, 4)));
        assertThat(row.longs(1)).containsExactly(1);
    }

    @Test
    void a_file_that_is_no_picture_is_told_with_its_row() {
        Dataset seen = dataset(new byte[] {1, 2, 3});
        assertThatThrownBy(() -> seen.read(0, Row.single(seen)))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("row 0: photo: ");
    }

    private static Dataset dataset(byte[] file) {
        Dataset raw = RaggedDataset.of(
                List.of(new Column.Bytes(PHOTO, new byte[][] {file})),
                List.of(ArrayDataset.column(Field.classId("label", List.of("a", "b")), new long[] {1})));
        return Transformed.fitted(RawDataset.of(raw, Map.of("photo", new ResizeImage(Shape.of(1, 4, 4)))));
    }
}
