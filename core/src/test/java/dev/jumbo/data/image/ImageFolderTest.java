package dev.jumbo.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.Row;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
    private static final Shape SHAPE = Shape.of(1, 2, 2);

    @TempDir
    Path root;

    @BeforeEach
    void two_classes() throws IOException {
        picture("dog/b.png", 20);
        picture("dog/a.png", 10);
        picture("cat/deep/down.png", 200);
    }

    @Test
    void classes_are_the_sorted_names_of_the_folders_and_examples_the_sorted_paths() {
        ImageFolder folder = ImageFolder.of(root, SHAPE);

        assertThat(folder.targets().get(0).classes()).containsExactly("cat", "dog");
        assertThat(folder.size()).isEqualTo(3);
        assertThat(example(folder, 0)).containsExactly(200, 0);
        assertThat(example(folder, 1)).containsExactly(10, 1);
        assertThat(example(folder, 2)).containsExactly(20, 1);
        assertThat(folder.rejected()).isEmpty();
    }

    @Test
    void a_file_that_cannot_be_read_is_reported_with_its_reason() throws IOException {
        byte[] whole = ImagesTest.resource("rgb.jpg");
        Files.write(root.resolve("cat/cut.jpg"), Arrays.copyOf(whole, whole.length / 2));
        Files.writeString(root.resolve("dog/notes.txt"), "not a picture");
        Files.writeString(root.resolve("dog/.hidden"), "passed over");

        ImageFolder folder = ImageFolder.of(root, SHAPE);

        assertThat(folder.size()).isEqualTo(3);
        assertThat(folder.rejected())
                .extracting(refused -> root.relativize(refused.file()) + ": " + refused.reason())
                .containsExactly(
                        "cat/cut.jpg: the JPEG image is cut short: it ends before its end mark; copy it again",
                        "dog/notes.txt: expected a PNG or JPEG image, received 13 bytes of something else");
    }

    @Test
    void symbolic_links_are_not_followed(@TempDir Path outside) throws IOException {
        Path secret = outside.resolve("secret.png");
        Files.copy(root.resolve("dog/a.png"), secret);
        Files.createSymbolicLink(root.resolve("dog/link.png"), secret);
        Files.createSymbolicLink(root.resolve("bird"), outside);
        Files.createSymbolicLink(root.resolve("cat/more"), outside);

        ImageFolder folder = ImageFolder.of(root, SHAPE);

        assertThat(folder.targets().get(0).classes()).containsExactly("cat", "dog");
        assertThat(folder.size()).isEqualTo(3);
        assertThat(folder.rejected())
                .hasSize(3)
                .allSatisfy(refused -> assertThat(refused.reason()).contains("symbolic link"));
    }

    @Test
    void its_fingerprint_changes_with_a_pixel_and_not_with_the_place() throws IOException {
        String before = ImageFolder.of(root, SHAPE).fingerprint();
        assertThat(ImageFolder.of(root, SHAPE).fingerprint()).isEqualTo(before);

        picture("dog/a.png", 11);

        assertThat(ImageFolder.of(root, SHAPE).fingerprint()).isNotEqualTo(before);
    }

    @Test
    void says_what_is_expected_of_an_empty_folder(@TempDir Path empty) throws IOException {
        assertThatThrownBy(() -> ImageFolder.of(empty, SHAPE))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected a folder for each class in " + empty);
        Files.createDirectory(empty.resolve("cat"));
        assertThatThrownBy(() -> ImageFolder.of(empty, SHAPE))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("found none that can be read");
        assertThatThrownBy(() -> ImageFolder.of(empty.resolve("nowhere"), SHAPE))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("check the path");
    }

    private void picture(String name, int grey) throws IOException {
        float[] values = new float[4];
        Arrays.fill(values, grey);
        Files.createDirectories(root.resolve(name).getParent());
        Files.write(root.resolve(name), Images.png(values, SHAPE));
    }

    /** The first value of the image and the class id. */
    private static float[] example(ImageFolder folder, int index) {
        Row row = Row.single(folder);
        folder.read(index, row);
        return new float[] {row.floats(0)[0], row.longs(1)[0]};
    }
}
