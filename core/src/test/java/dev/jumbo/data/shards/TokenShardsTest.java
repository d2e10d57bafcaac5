package dev.jumbo.data.shards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenShardsTest {
    private static final String SHA = "0".repeat(64);
    private static final TokenFormat SHORT = TokenFormat.of("letters", SHA, 1000, 999, 7);
    private static final TokenFormat LONG = TokenFormat.of("large", SHA, 1 << 20, null, 7);

    @TempDir
    Path dir;

    private static List<int[]> documents(int count, int vocabulary) {
        SplittableRandom random = new SplittableRandom(3);
        return IntStream.range(0, count)
                .mapToObj(i -> random.ints(random.nextInt(40), 0, vocabulary).toArray())
                .toList();
    }

    private TokenManifest write(TokenFormat format, List<int[]> documents, long limit) {
        try (TokenSetWriter set = TokenSetWriter.create(dir, format, limit)) {
            documents.forEach(set::add);
            return set.finish();
        }
    }

    private static long[] all(TokenShards shards) {
        long[] all = new long[(int) shards.tokens()];
        shards.read(0, all.length, all, 0);
        return all;
    }

    @Test
    void gives_back_what_was_written_over_many_shards() {
        List<int[]> documents = documents(200, 999);
        TokenManifest manifest = write(SHORT, documents, 1000);

        TokenShards shards = TokenShards.open(dir);

        long[] expected = documents.stream()
                .flatMapToInt(d -> IntStream.concat(Arrays.stream(d), IntStream.of(999)))
                .asLongStream()
                .toArray();
        assertThat(manifest.shards()).hasSizeGreaterThan(5);
        assertThat(manifest.shards()).allMatch(shard -> shard.bytes() <= 1000);
        assertThat(all(shards)).isEqualTo(expected);
        assertThat(shards.documents()).isEqualTo(200);
        long start = 0;
        for (int i = 0; i < documents.size(); i++) {
            assertThat(shards.start(i)).isEqualTo(start);
            start += documents.get(i).length + 1;
        }
        assertThat(shards.start(200)).isEqualTo(start);
    }

    @Test
    void ids_above_65535_take_four_bytes() {
        List<int[]> documents = documents(20, 1 << 20);
        write(LONG, documents, TokenShardWriter.LIMIT);

        TokenShards shards = TokenShards.open(dir);

        assertThat(all(shards))
                .isEqualTo(documents.stream()
                        .flatMapToInt(Arrays::stream)
                        .asLongStream()
                        .toArray());
        assertThat(shards.manifest().shards().get(0).bytes()).isEqualTo(4 * shards.tokens());
    }

    /** As docs/data.md describes the files, read by hand. */
    @Test
    void the_bytes_are_those_of_the_documented_format() throws IOException {
        write(SHORT, List.of(new int[] {1, 258}, new int[] {}, new int[] {500}), TokenShardWriter.LIMIT);

        ByteBuffer bin = ByteBuffer.wrap(Files.readAllBytes(dir.resolve("tokens-00000.bin")));
        ByteBuffer idx = ByteBuffer.wrap(Files.readAllBytes(dir.resolve("tokens-00000.idx")));

        assertThat(bin.array()).containsExactly(1, 0, 2, 1, 999 & 0xFF, 3, 999 & 0xFF, 3, 500 & 0xFF, 1, 999 & 0xFF, 3);
        assertThat(new String(idx.array(), 0, 8, StandardCharsets.US_ASCII)).isEqualTo("JUMBOIDX");
        idx.order(ByteOrder.LITTLE_ENDIAN);
        assertThat(idx.getInt(8)).isEqualTo(1);
        assertThat(idx.getInt(12)).isEqualTo(2);
        assertThat(IntStream.range(0, 4).mapToLong(i -> idx.getLong(16 + 8 * i)))
                .containsExactly(0L, 3L, 4L, 6L);
        assertThat(idx.limit()).isEqualTo(16 + 4 * 8);
    }

    @Test
    void shards_written_apart_in_any_order_make_the_same_set_as_one_writer(@TempDir Path apart) throws IOException {
        List<int[]> documents = documents(90, 999);
        TokenManifest together = write(SHORT, documents, 1500);

        List<TokenShard> entries = new ArrayList<>();
        int document = 0;
        for (int number = 0; number < together.shards().size(); number++) {
            try (TokenShardWriter shard = TokenShardWriter.create(apart, number, SHORT, 1500)) {
                for (long i = 0; i < together.shards().get(number).documents(); i++) {
                    shard.add(documents.get(document++));
                }
                entries.add(0, shard.finish());
            }
        }
        TokenManifest assembled = TokenManifest.publish(apart, SHORT, entries);

        assertThat(assembled).isEqualTo(together);
        assertThat(apart.resolve("manifest.json")).hasSameBinaryContentAs(dir.resolve("manifest.json"));
    }

    @Test
    void nothing_is_left_of_a_set_that_was_not_finished() throws IOException {
        try (TokenSetWriter set = TokenSetWriter.create(dir, SHORT)) {
            set.add(new int[] {1, 2, 3});
        }

        assertThat(dir).isEmptyDirectory();
        assertThatThrownBy(() -> TokenShards.open(dir))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("manifest.json");
    }

    @Test
    void publishing_clears_away_what_killed_attempts_left() throws IOException {
        Files.writeString(dir.resolve(".tokens-00004.bin.1234.tmp"), "half a shard");

        write(SHORT, documents(3, 999), 1000);

        assertThat(dir.resolve(".tokens-00004.bin.1234.tmp")).doesNotExist();
    }

    @Test
    void refuses_ids_outside_the_vocabulary_and_documents_beyond_the_limit() {
        try (TokenShardWriter shard = TokenShardWriter.create(dir, 0, SHORT, 20)) {
            assertThatThrownBy(() -> shard.add(new int[] {1, 1000}))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("0 to 999")
                    .hasMessageContaining("1000");
        }
        try (TokenShardWriter shard = TokenShardWriter.create(dir, 0, SHORT, 20)) {
            assertThat(shard.fits(9)).isTrue();
            assertThat(shard.fits(10)).isFalse();
            assertThatThrownBy(() -> shard.add(new int[10]))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("another shard");
        }
    }

    @Test
    void a_directory_that_holds_a_set_is_not_written_over() {
        write(SHORT, documents(3, 999), 1000);

        assertThatThrownBy(() -> TokenSetWriter.create(dir, SHORT))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("already holds");
    }

    @Test
    void rejects_a_shard_with_a_wrong_hash_a_wrong_length_or_a_cut_index_by_name() throws IOException {
        write(SHORT, documents(50, 999), 500);
        flip(dir.resolve("tokens-00002.bin"));
        assertRefused("tokens-00002.bin", "SHA-256");

        flip(dir.resolve("tokens-00002.bin"));
        TokenShards.open(dir);
        cut(dir.resolve("tokens-00001.idx"), 8);
        assertRefused("tokens-00001.idx", "bytes");

        Files.delete(dir.resolve("tokens-00000.bin"));
        assertRefused("tokens-00000.bin", "missing");
    }

    @Test
    void hashes_once_and_again_where_a_file_was_changed() throws IOException {
        write(SHORT, documents(50, 999), 500);
        TokenShards.open(dir);
        Path shard = dir.resolve("tokens-00001.bin");
        FileTime time = Files.getLastModifiedTime(shard);

        flip(shard);
        Files.setLastModifiedTime(shard, time);
        TokenShards.open(dir); // Same length and time: the marker is believed.

        Files.setLastModifiedTime(shard, FileTime.fromMillis(time.toMillis() + 5000));
        assertRefused("tokens-00001.bin", "SHA-256");
        Files.setLastModifiedTime(shard, time);
        Files.delete(dir.resolve(".verified"));
        assertRefused("tokens-00001.bin", "SHA-256");
    }

    @Test
    void refuses_a_manifest_that_names_files_outside_its_directory() throws IOException {
        write(SHORT, documents(3, 999), 1000);
        Path manifest = dir.resolve("manifest.json");
        Files.writeString(manifest, Files.readString(manifest).replace("tokens-00000", "../tokens-00000"));

        assertThatThrownBy(() -> TokenShards.open(dir))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("../tokens-00000");
    }

    private void assertRefused(String file, String why) {
        assertThatThrownBy(() -> TokenShards.open(dir))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(file)
                .hasMessageContaining(why);
    }

    private static void flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    private static void cut(Path file, int bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - bytes);
        }
    }
}
