package dev.jumbo.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdxFileTest {
    @TempDir
    Path dir;

    @Test
    void reads_sizes_and_values_in_row_major_order() throws IOException {
        IdxFile idx = IdxFile.read(write(idx(0x803, new int[] {2, 1, 3}, 1, 2, 3, 4, 5, 255)), 3);

        assertThat(idx.shape()).isEqualTo(Shape.of(2, 1, 3));
        assertThat(idx.values()).containsExactly(1, 2, 3, 4, 5, 255);
    }

    @Test
    void sees_gzip_by_its_content_not_by_its_name() throws IOException {
        Path file = write(gzip(idx(0x801, new int[] {2}, 7, 8)));

        assertThat(IdxFile.read(file, 1).values()).containsExactly(7, 8);
    }

    @Test
    void reads_a_file_of_no_examples() throws IOException {
        assertThat(IdxFile.read(write(idx(0x803, new int[] {0, 28, 28})), 3).values())
                .isEmpty();
    }

    @Test
    void rejects_a_wrong_magic_number() throws IOException {
        rejects(idx(0x12340803, new int[] {1, 1, 1}, 0), 3, "two zero bytes", "0x12340803");
    }

    @Test
    void rejects_an_element_type_other_than_unsigned_bytes() throws IOException {
        rejects(idx(0xD03, new int[] {1, 1, 1}, 0, 0, 0, 0), 3, "0x08", "0x0d");
    }

    @Test
    void rejects_labels_where_images_are_expected() throws IOException {
        rejects(idx(0x801, new int[] {1}, 0), 3, "expected an IDX file of rank 3", "received rank 1");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rejects_a_file_cut_anywhere(boolean gzip) throws IOException {
        byte[] whole = idx(0x803, new int[] {2, 2, 2}, 1, 2, 3, 4, 5, 6, 7, 8);
        byte[] stored = gzip ? gzip(whole) : whole;
        for (int length = 0; length < stored.length; length++) {
            rejects(Arrays.copyOf(stored, length), 3, "is ");
        }
    }

    @Test
    void rejects_bytes_after_the_values() throws IOException {
        rejects(idx(0x801, new int[] {2}, 1, 2, 3), 1, "expected the file to end", "received more bytes");
    }

    @Test
    void rejects_a_flipped_bit_in_gzip() throws IOException {
        byte[] stored = gzip(idx(0x801, new int[] {4}, 1, 2, 3, 4));
        stored[stored.length - 6] ^= 1; // in the checksum
        rejects(stored, 1, "damaged gzip");
    }

    @Test
    void rejects_counts_beyond_the_limit_and_products_that_overflow() throws IOException {
        rejects(idx(0x803, new int[] {0x7FFFFFFF, 0x7FFFFFFF, 0x7FFFFFFF}), 3, "expected at most");
        rejects(idx(0x803, new int[] {-1, 4, 4}), 3, "expected at most", "4294967295");
    }

    @Test
    void rejects_counts_that_the_file_cannot_hold_before_memory_is_taken() throws IOException {
        // A gigabyte announced by a few bytes: also more than any gzip stream of that length expands to.
        int[] gigabyte = {1 << 10, 1 << 10, 1 << 10};
        rejects(idx(0x803, gigabyte), 3, "cut short", "announces 1073741840 bytes");
        rejects(gzip(idx(0x803, gigabyte)), 3, "cut short", "announces 1073741840 bytes");
    }

    @Test
    void names_the_file_that_is_not_there() {
        assertThatThrownBy(() -> IdxFile.read(dir.resolve("none"), 3))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("none, found no file");
    }

    private void rejects(byte[] content, int rank, String... words) throws IOException {
        Path file = write(content);
        assertThatThrownBy(() -> IdxFile.read(file, rank))
                .as("%d bytes", content.length)
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll(words);
    }

    private Path write(byte[] content) throws IOException {
        return Files.write(dir.resolve("file"), content);
    }

    static byte[] idx(int magic, int[] sizes, int... values) {
        ByteBuffer out = ByteBuffer.allocate(4 + 4 * sizes.length + values.length);
        out.putInt(magic);
        for (int size : sizes) {
            out.putInt(size);
        }
        for (int value : values) {
            out.put((byte) value);
        }
        return out.array();
    }

    static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }
}
