package dev.jumbo.data.shards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.Row;
import dev.jumbo.data.image.Images;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarImageDatasetTest {
    private static final Shape SHAPE = Shape.of(1, 2, 2);

    @TempDir
    Path dir;

    private TarShards shards(List<String> classes, String... labels) {
        try (TarShardWriter shard = TarShardWriter.create(dir, 0)) {
            for (int i = 0; i < labels.length; i++) {
                byte[] png = Images.png(new float[] {i, 10, 20, 30 + i}, SHAPE);
                shard.add("image-" + i, Map.of("png", png, "cls", labels[i].getBytes(StandardCharsets.UTF_8)));
            }
            TarManifest.publish(dir, classes, 0, List.of(shard.finish()));
        }
        return TarShards.open(dir);
    }

    @Test
    void gives_pixels_and_classes_by_number_or_name() {
        TarImageDataset dataset = TarImageDataset.of(shards(List.of("cat", "dog"), "1", "0", "dog"), SHAPE, List.of());

        Row row = Row.single(dataset);
        dataset.read(2, row);

        assertThat(dataset.size()).isEqualTo(3);
        assertThat(dataset.targets().get(0).classes()).containsExactly("cat", "dog");
        assertThat(row.floats(0)).containsExactly(2, 10, 20, 32);
        assertThat(row.longs(1)).containsExactly(1);
    }

    @Test
    void endings_in_capitals_are_the_same_files() {
        byte[] png = Images.png(new float[] {9, 10, 20, 30}, SHAPE);
        try (TarShardWriter shard = TarShardWriter.create(dir, 0)) {
            shard.add("camera", Map.of("PNG", png, "CLS", new byte[] {'1'}));
            shard.add("phone", Map.of("Png", png, "cls", new byte[] {'0'}));
            TarManifest.publish(dir, List.of(), 0, List.of(shard.finish()));
        }
        TarImageDataset dataset = TarImageDataset.of(TarShards.open(dir), SHAPE, List.of());

        Row row = Row.single(dataset);
        dataset.read(0, row);

        assertThat(row.floats(0)).containsExactly(9, 10, 20, 30);
        assertThat(row.longs(1)).containsExactly(1);
    }

    @Test
    void numbers_are_the_classes_where_nothing_names_them() {
        TarImageDataset dataset = TarImageDataset.of(shards(List.of(), "2", "0"), SHAPE, List.of());

        assertThat(dataset.targets().get(0).classes()).containsExactly("0", "1", "2");
    }

    @Test
    void refuses_a_class_that_is_not_one_by_its_example() {
        TarShards shards = shards(List.of("cat", "dog"), "1", "2");

        assertThatThrownBy(() -> TarImageDataset.of(shards, SHAPE, List.of()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("shard-00000.tar: image-1.cls")
                .hasMessageContaining("0 to 1");
    }

    @Test
    void a_damaged_image_is_named_when_it_is_read() {
        try (TarShardWriter shard = TarShardWriter.create(dir, 0)) {
            shard.add("bad", Map.of("jpg", new byte[] {1, 2, 3}, "cls", new byte[] {'0'}));
            TarManifest.publish(dir, List.of(), 0, List.of(shard.finish()));
        }
        TarImageDataset dataset = TarImageDataset.of(TarShards.open(dir), SHAPE, List.of());

        assertThatThrownBy(() -> dataset.read(0, Row.single(dataset)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("shard-00000.tar: bad")
                .hasMessageContaining("PNG or JPEG");
    }
}
