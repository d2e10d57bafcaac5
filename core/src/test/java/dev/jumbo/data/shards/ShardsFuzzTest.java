package dev.jumbo.data.shards;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.error.InputException;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.fuzz.Untrusted;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Shards of a stranger. */
class ShardsFuzzTest {
    private static final Untrusted UNTRUSTED = Untrusted.refusedBy(InputException.class);

    /** Members of a tar lie in it, whatever their headers say. */
    @Fuzzed
    void tar(byte[] bytes) {
        UNTRUSTED
                .parse(bytes, () -> TarMembers.of(Path.of("a.tar"), ByteBuffer.wrap(bytes)))
                .ifPresent(members -> members.forEach(member -> {
                    assertThat(member.offset()).isNotNegative();
                    assertThat(member.length()).isBetween(0, bytes.length - member.offset());
                }));
    }

    /** The index of documents and the tokens: half of the bytes each. */
    @Fuzzed
    void tokens(byte[] bytes) {
        UNTRUSTED.parseFile(bytes, "a.idx", index -> {
            Path ids = index.resolveSibling("a.bin");
            int half = Math.min(bytes.length, bytes.length / 2 / 8 * 8 + 8);
            try {
                Files.write(index, Arrays.copyOf(bytes, half));
                Files.write(ids, Arrays.copyOfRange(bytes, half, bytes.length));
                int tokens = (bytes.length - half) / 2;
                TokenShard shard = new TokenShard("a", tokens, Math.max(0, half / 8 - 3), 0, "", 0, "");
                MappedTokens opened =
                        MappedTokens.open(Path.of(String.valueOf(index.getParent())), shard, TokenType.UINT16);
                long[] read = new long[(int) opened.tokens()];
                for (int i = 0; i < opened.documents(); i++) {
                    int from = Math.toIntExact(opened.start(i));
                    opened.read(from, Math.toIntExact(opened.start(i + 1)) - from, read, from);
                }
                return opened;
            } finally {
                Files.deleteIfExists(ids);
            }
        });
    }

    @Fuzzed
    void manifest(byte[] bytes) {
        UNTRUSTED.allocating(32 << 20, 16 << 10).parseFile(bytes, Manifests.NAME, file -> {
            Path directory = Path.of(String.valueOf(file.getParent()));
            return bytes.length % 2 == 0 ? TokenManifest.read(directory) : TarManifest.read(directory);
        });
    }
}
