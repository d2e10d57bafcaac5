package dev.jumbo.data.shards;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a set of token shards from one thread, beginning another shard where a document no longer fits. The set is there
 * when {@link #finish} returns.
 */
public final class TokenSetWriter implements AutoCloseable {
    private final Path dir;
    private final TokenFormat format;
    private final long limit;
    private final List<TokenShard> shards = new ArrayList<>();
    private TokenShardWriter shard;

    private TokenSetWriter(Path dir, TokenFormat format, long limit) {
        this.dir = dir;
        this.format = format;
        this.limit = limit;
        shard = TokenShardWriter.create(dir, 0, format, limit);
    }

    /** Shards of at most {@link TokenShardWriter#LIMIT}. @throws InputException if the directory holds a set */
    public static TokenSetWriter create(Path dir, TokenFormat format) {
        return create(dir, format, TokenShardWriter.LIMIT);
    }

    /** As {@link #create(Path, TokenFormat)}. @param limit bytes of tokens of a shard */
    public static TokenSetWriter create(Path dir, TokenFormat format, long limit) {
        Manifests.requireFree(dir);
        return new TokenSetWriter(dir, format, limit);
    }

    /** Writes a document behind the others. @throws InputException as {@link TokenShardWriter#add} */
    public void add(int[] document) {
        if (!shard.fits(document.length) && shard.tokens() > 0) {
            shards.add(shard.finish());
            shard.close();
            shard = TokenShardWriter.create(dir, shards.size(), format, limit);
        }
        shard.add(document);
    }

    /** Completes the last shard and publishes the set. */
    public TokenManifest finish() {
        shards.add(shard.finish());
        return TokenManifest.publish(dir, format, shards);
    }

    @Override
    public void close() {
        shard.close();
    }
}
