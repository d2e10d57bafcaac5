package dev.jumbo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.arrays.ArrayFile;
import dev.jumbo.data.shards.TarShards;
import dev.jumbo.error.InputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names in archives of strangers: what climbs out of an archive is a name, and never a path. */
class ArchiveNamesTest {
    private static final List<String> CLIMBING =
            List.of("../../slip", "/tmp/jumbo-slip", "a/../../../slip", "C:\\slip", "..\\slip", "~/slip");

    @TempDir
    private Path dir;

    @Test
    void a_zip_of_arrays_writes_no_file_and_reads_none_beside_it() throws IOException {
        Path file = dir.resolve("inside").resolve("a.npz");
        Files.createDirectories(file.getParent());
        Files.writeString(dir.resolve("secret.npy"), "secret");
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }\n";
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (String name : CLIMBING) {
                zip.putNextEntry(new ZipEntry(name + ".npy"));
                zip.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), 0});
                zip.write(header.getBytes(StandardCharsets.ISO_8859_1));
                zip.write(new byte[4]);
            }
        }
        List<Path> before = files();
        try (ArrayFile arrays = ArrayFile.open(file)) {
            assertThat(arrays.names()).containsExactlyInAnyOrderElementsOf(CLIMBING);
            for (String name : arrays.names()) {
                assertThat(arrays.read(name).rows()).isEqualTo(1);
            }
            assertThatThrownBy(() -> arrays.read("../secret")).isInstanceOf(InputException.class);
        }
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void a_tar_of_examples_writes_no_file_but_its_index_and_follows_no_link() throws IOException {
        Path inside = Files.createDirectories(dir.resolve("inside"));
        Files.writeString(dir.resolve("secret.txt"), "secret");
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        for (String name : CLIMBING) {
            tar.write(member(name + ".txt", '0', ""));
            tar.write("1".getBytes(StandardCharsets.US_ASCII));
            tar.write(new byte[511]);
        }
        tar.write(member("hard.txt", '1', "../secret.txt"));
        tar.write(member("soft.txt", '2', "../secret.txt"));
        tar.write(new byte[1024]);
        Files.write(inside.resolve("a.tar"), tar.toByteArray());
        List<Path> before = files();
        TarShards shards = TarShards.open(inside);
        assertThat(shards.size())
                .isEqualTo(CLIMBING.size() - 1); // "..\\slip" begins with a dot, and is left out as such.
        for (int i = 0; i < shards.size(); i++) {
            for (String extension : shards.extensions(i)) {
                assertThat(new String(shards.read(i, extension), StandardCharsets.US_ASCII))
                        .isEqualTo("1");
            }
        }
        assertThat(files()).containsAll(before).hasSize(before.size() + 1).contains(inside.resolve("a.tar.index"));
        assertThat(Path.of("/tmp/jumbo-slip.txt")).doesNotExist();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(dir)) {
            return all.sorted().toList();
        }
    }

    private static byte[] member(String name, char type, String link) {
        byte[] block = new byte[512];
        put(block, 0, name);
        put(block, 100, "0000644\0" + "0000000\0" + "0000000\0");
        put(block, 124, String.format("%011o\0", type == '0' ? 1 : 0));
        put(block, 136, "00000000000\0        ");
        block[156] = (byte) type;
        put(block, 157, link);
        put(block, 257, "ustar\000" + "00");
        int sum = 0;
        for (byte b : block) {
            sum += b & 0xff;
        }
        put(block, 148, String.format("%06o\0 ", sum));
        return block;
    }

    private static void put(byte[] block, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }
}
