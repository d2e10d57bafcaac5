package dev.jumbo.spark.corpus.shard;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.data.shards.TokenShardWriter;
import dev.jumbo.data.shards.TokenType;
import dev.jumbo.error.InputException;
import dev.jumbo.text.ByteTokens;
import dev.jumbo.text.TokenizerConfig;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Token shards: which tokenizer, and how large. */
public record TokenOutput(
        @Doc("What makes tokens of text; the tokenizer that output.tokenizer trains if null.")
        @Default("null")
        @Nullable
        TokenizerConfig tokenizer,

        @Doc("Megabytes (2^20 bytes) of the largest shard, up to 1024.") @Default("1024.0")
        double shardMb) {
    /** What a token of {@link ByteTokens} takes on disk. */
    private static final int BYTES_OF_A_BYTE =
            TokenType.of(ByteTokens.VOCABULARY_SIZE).bytes();

    public TokenOutput {
        if (!(shardMb > 0 && shardMb * (1 << 20) <= TokenShardWriter.LIMIT)) {
            throw new InputException("tokens.shard_mb: expected above 0 and at most " + (TokenShardWriter.LIMIT >> 20)
                    + ", received " + shardMb);
        }
    }

    /** With another tokenizer. */
    public TokenOutput with(TokenizerConfig other) {
        return new TokenOutput(other, shardMb);
    }

    /** The tokenizer, where one is named or was trained. */
    TokenizerConfig requireTokenizer() {
        return Objects.requireNonNull(tokenizer, "a tokenizer that is still to be trained");
    }

    /** Whether documents up to a number of bytes have room in a shard, as far as the tokenizer alone can tell. */
    public boolean hasRoomFor(long bytes) {
        return !(tokenizer instanceof ByteTokens) || (bytes + 1) * BYTES_OF_A_BYTE <= limit();
    }

    /** Bytes of the largest shard. */
    long limit() {
        return (long) (shardMb * (1 << 20));
    }
}
