package dev.jumbo.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.Batch;
import dev.jumbo.data.Column;
import dev.jumbo.data.Row;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImageDatasetTest {
    private static final Shape TWO_PIXELS = Shape.of(1, 1, 2);

    private static ImageDataset dataset() {
        return ImageDataset.of(
                TWO_PIXELS, new byte[] {0, 1, (byte) 128, (byte) 255}, new int[] {1, 0}, List.of("cat", "dog"));
    }

    @Test
    void writes_pixels_from_0_to_255_and_the_class_id_into_its_row_of_a_batch() {
        ImageDataset data = dataset();
        List<Column> columns = List.of(
                Column.of(data.inputs().get(0), 3), Column.of(data.targets().get(0), 3));

        data.read(1, new Row(columns, 2));
        data.read(0, new Row(columns, 0));

        Batch batch = new Batch(columns.subList(0, 1), columns.subList(1, 2), 3);
        assertThat(batch.inputs().get(0).floats()).containsExactly(0, 1, 0, 0, 128, 255);
        assertThat(batch.targets().get(0).longs()).containsExactly(1, 0, 0);
    }

    @Test
    void its_fingerprint_is_that_of_the_content() {
        assertThat(dataset().fingerprint()).hasSize(64).isEqualTo(dataset().fingerprint());
        assertThat(ImageDataset.of(TWO_PIXELS, new byte[] {0, 1, 2, 3}, new int[] {1, 0}, List.of("cat", "dog"))
                        .fingerprint())
                .isNotEqualTo(dataset().fingerprint());
        assertThat(ImageDataset.of(
                                TWO_PIXELS,
                                new byte[] {0, 1, (byte) 128, (byte) 255},
                                new int[] {0, 1},
                                List.of("cat", "dog"))
                        .fingerprint())
                .isNotEqualTo(dataset().fingerprint());
    }

    @Test
    void rejects_counts_that_do_not_agree() {
        assertThatThrownBy(() -> ImageDataset.of(TWO_PIXELS, new byte[3], new int[2], List.of("a")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected 2 images of [1, 1, 2]")
                .hasMessageContaining("received 3 bytes");
    }

    @Test
    void rejects_a_label_that_is_no_class() {
        assertThatThrownBy(() -> ImageDataset.of(TWO_PIXELS, new byte[4], new int[] {0, 2}, List.of("a", "b")))
                .isInstanceOf(InputException.class)
                .hasMessage("expected labels from 0 to 1, received 2 for image 1");
    }
}
