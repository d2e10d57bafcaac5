package dev.jumbo.data.shards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarShardsTest {
    /** As in make_tar_fixtures.py. */
    private static final String LONG = "folder/" + "a".repeat(120) + "/" + "b".repeat(110);

    @TempDir
    Path dir;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(TarShards shards, int example, String extension) {
        return new String(shards.read(example, extension), StandardCharsets.UTF_8);
    }

    private Path fixture(String name) throws IOException {
        Path copy = dir.resolve(name);
        try (InputStream in = TarShardsTest.class.getResourceAsStream("/fixtures/tar/" + name)) {
            Files.copy(in, copy);
        }
        return copy;
    }

    private static void add(TarShardWriter shard) {
        shard.add("000001", Map.of("txt", bytes("the first"), "cls", bytes("1")));
        shard.add("000002", Map.of("cls", bytes("0\n"), "seg.txt", bytes("x".repeat(1000))));
    }

    private TarManifest write() {
        List<TarShard> entries = new ArrayList<>();
        for (int number = 0; number < 3; number++) {
            try (TarShardWriter shard = TarShardWriter.create(dir, number)) {
                add(shard);
                if (number == 1) {
                    shard.add(LONG, Map.of("cls", bytes("2"), "txt", bytes("größer")));
                }
                entries.add(shard.finish());
            }
        }
        return TarManifest.publish(dir, List.of("a", "b", "c"), 5, entries);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pax.tar", "gnu.tar"})
    void reads_what_python_writes_with_long_names(String name) throws IOException {
        fixture(name);

        TarShards shards = TarShards.open(dir);

        assertThat(shards.size()).isEqualTo(3);
        assertThat(shards.key(0)).isEqualTo("000001");
        assertThat(shards.extensions(1)).containsExactly("cls", "seg.txt");
        assertThat(text(shards, 1, "seg.txt")).isEqualTo("x".repeat(1000));
        assertThat(shards.label(1)).isEqualTo("0");
        assertThat(shards.key(2)).isEqualTo(LONG);
        assertThat(text(shards, 2, "txt")).isEqualTo("größer");
    }

    @Test
    void reads_prefixes_of_ustar_and_passes_over_folders_and_links() throws IOException {
        fixture("ustar.tar");

        TarShards shards = TarShards.open(dir);

        assertThat(shards.size()).isEqualTo(3);
        assertThat(shards.key(0)).isEqualTo("000001");
        assertThat(shards.key(2)).isEqualTo("d/" + "c".repeat(99) + "/" + "e".repeat(80));
        assertThat(text(shards, 2, "txt")).isEqualTo("in a folder");
    }

    @Test
    void writes_the_bytes_that_python_writes() throws IOException {
        byte[] python = Files.readAllBytes(fixture("ours.tar"));
        try (TarShardWriter shard = TarShardWriter.create(dir, 0)) {
            add(shard);
            shard.finish();
        }

        byte[] ours = Files.readAllBytes(dir.resolve("shard-00000.tar"));

        // Python fills its tars up to 10,240 bytes with more of the zeros that end one.
        assertThat(Arrays.copyOf(ours, python.length)).isEqualTo(python);
    }

    @Test
    void gives_back_any_example_of_any_shard() {
        TarManifest manifest = write();

        TarShards shards = TarShards.open(dir);

        assertThat(manifest.examples()).isEqualTo(7);
        assertThat(shards.size()).isEqualTo(7);
        assertThat(shards.classes()).containsExactly("a", "b", "c");
        assertThat(shards.key(4)).isEqualTo(LONG);
        assertThat(text(shards, 4, "txt")).isEqualTo("größer");
        assertThat(text(shards, 6, "seg.txt")).hasSize(1000);
        assertThat(shards.place(6)).contains("shard-00002.tar").contains("000002");
        assertThatThrownBy(() -> shards.read(6, "png"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("shard-00002.tar")
                .hasMessageContaining("seg.txt");
    }

    @Test
    void an_index_is_kept_beside_the_shard_and_made_anew_for_another_tar() throws IOException {
        Path tar = fixture("gnu.tar");
        TarShards.open(dir);
        Path index = dir.resolve("gnu.tar.index");
        List<String> lines = Files.readAllLines(index);
        assertThat(lines).hasSize(7);
        assertThat(lines.get(1)).isEqualTo("512\t1\t000001.cls\t1");

        // What the index says is believed as long as the tar is the same, which the changed label shows.
        Files.writeString(index, Files.readString(index).replace("000001.cls\t1", "000001.cls\t7"));
        assertThat(TarShards.open(dir).label(0)).isEqualTo("7");
        Files.setLastModifiedTime(tar, FileTime.fromMillis(1000));
        assertThat(TarShards.open(dir).label(0)).isEqualTo("7");

        byte[] other = Files.readAllBytes(tar);
        other[512] = '8';
        Files.write(tar, other);
        assertThat(TarShards.open(dir).label(0)).isEqualTo("8");
        Files.writeString(index, "nonsense");
        assertThat(TarShards.open(dir).label(0)).isEqualTo("8");
    }

    @Test
    void refuses_shards_that_are_changed_cut_or_no_tar_by_name() throws IOException {
        write();
        Path shard = dir.resolve("shard-00001.tar");
        byte[] content = Files.readAllBytes(shard);
        byte[] flipped = content.clone();
        flipped[600] ^= 1;
        Files.write(shard, flipped);
        assertRefused("shard-00001.tar", "SHA-256");

        Files.write(shard, Arrays.copyOf(content, 1024));
        assertRefused("shard-00001.tar", "bytes");

        Files.delete(dir.resolve("manifest.json"));
        Files.write(shard, Arrays.copyOf(content, 700));
        assertRefused("shard-00001.tar", "byte 1024");
        Files.write(shard, "not a tar at all".repeat(100).getBytes(StandardCharsets.UTF_8));
        assertRefused("shard-00001.tar", "byte 0");
        Files.write(shard, new byte[0]);
        assertRefused("shard-00001.tar", "a whole POSIX or GNU tar");
    }

    private void assertRefused(String file, String why) {
        assertThatThrownBy(() -> TarShards.open(dir))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(file)
                .hasMessageContaining(why);
    }

    @Test
    void refuses_keys_that_another_reader_would_group_otherwise() {
        try (TarShardWriter shard = TarShardWriter.create(dir, 0, 3000)) {
            Map<String, byte[]> parts = Map.of("cls", bytes("1"));
            for (String key : List.of("a.b", "", "folder/", "/root", "new\nline")) {
                assertThatThrownBy(() -> shard.add(key, parts)).isInstanceOf(InputException.class);
            }
            shard.add("a", parts);
            assertThatThrownBy(() -> shard.add("a", parts)).isInstanceOf(InputException.class);
            assertThat(shard.fits("b", Map.of("cls", new byte[400]))).isFalse();
            assertThatThrownBy(() -> shard.add("b", Map.of("cls", new byte[2000])))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("another shard");
        }
        assertThat(dir).isEmptyDirectory();
    }
}
