package dev.jumbo.data.shards;

import dev.jumbo.error.InputException;
import dev.jumbo.files.Durable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Writes one shard of tokens: documents one after the other in {@code .bin}, where each begins in {@code .idx}. Both
 * files appear when {@link #finish} returns; closed before, the writer leaves nothing.
 *
 * <pre>{@code
 * try (TokenShardWriter shard = TokenShardWriter.create(dir, 7, format)) {
 *     documents.forEachRemaining(shard::add);
 *     return shard.finish();
 * }
 * }</pre>
 *
 * Several attempts at the same shard, as Spark's speculative tasks, do not disturb each other: the last to finish stays,
 * and equal documents give equal files.
 */
public final class TokenShardWriter implements AutoCloseable {
    /** The most bytes of tokens in a shard: 1 GiB, which one memory map holds. */
    public static final long LIMIT = 1L << 30;

    static final byte[] MAGIC = "JUMBOIDX".getBytes(StandardCharsets.US_ASCII);
    static final int VERSION = 1;
    private static final String STEM = "tokens-";

    private final String name;
    private final TokenFormat format;
    private final long limit;
    private final ShardOutput tokens;
    private final ShardOutput index;
    private long written;
    private long documents;

    private TokenShardWriter(String name, TokenFormat format, long limit, ShardOutput tokens, ShardOutput index) {
        this.name = name;
        this.format = format;
        this.limit = limit;
        this.tokens = tokens;
        this.index = index;
        index.put(MAGIC);
        index.putInt(VERSION);
        index.putInt(format.dtype().bytes());
        index.putLong(0);
    }

    /**
     * Begins a shard in a directory, which is made if it is not there.
     *
     * @param number the shard's place in the set, from 0
     */
    public static TokenShardWriter create(Path dir, int number, TokenFormat format) {
        return create(dir, number, format, LIMIT);
    }

    /** As {@link #create(Path, int, TokenFormat)} with less room. @param limit bytes of tokens, up to {@link #LIMIT} */
    public static TokenShardWriter create(Path dir, int number, TokenFormat format, long limit) {
        if (number < 0 || limit < 1 || limit > LIMIT) {
            throw new InputException("expected a shard's number of 0 or more and a limit of 1 to " + LIMIT
                    + " bytes, received " + number + " and " + limit);
        }
        String name = String.format("%s%05d", STEM, number);
        ShardOutput tokens = ShardOutput.create(dir.resolve(name + TokenShard.TOKENS));
        return new TokenShardWriter(
                name, format, limit, tokens, ShardOutput.create(dir.resolve(name + TokenShard.INDEX)));
    }

    /** Whether a document of so many tokens still has room. */
    public boolean fits(long length) {
        return written + stored(length) <= limit / format.dtype().bytes();
    }

    /**
     * Writes a document, and the end-of-document id behind it if the format has one.
     *
     * @param document token ids
     * @throws InputException if an id is not of the vocabulary, or if there is no room
     */
    public void add(int[] document) {
        if (!fits(document.length)) {
            throw new InputException("expected a document that fits the shard " + name + " of at most " + limit
                    + " bytes, received one of " + document.length + " tokens behind " + written
                    + " others; begin another shard, or divide the document");
        }
        for (int token : document) {
            put(token);
        }
        if (format.endOfDocument() != null) {
            put(format.endOfDocument());
        }
        written += stored(document.length);
        documents++;
        index.putLong(written);
    }

    private long stored(long length) {
        return format.endOfDocument() == null ? length : length + 1;
    }

    private void put(int token) {
        if (token < 0 || token >= format.vocabularySize()) {
            throw new InputException("expected token ids from 0 to " + (format.vocabularySize() - 1) + ", received "
                    + token + " in document " + documents + " of the shard " + name);
        }
        if (format.dtype() == TokenType.UINT16) {
            tokens.putShort(token);
        } else {
            tokens.putInt(token);
        }
    }

    /** Tokens so far, ends of documents included. */
    public long tokens() {
        return written;
    }

    /** Completes both files. @return the entry for the manifest */
    public TokenShard finish() {
        ShardFile bin = tokens.finish();
        ShardFile idx = index.finish();
        return new TokenShard(name, written, documents, bin.bytes(), bin.sha256(), idx.bytes(), idx.sha256());
    }

    @Override
    public void close() {
        try (index) {
            tokens.close();
        }
    }

    static void deleteTemporaries(Path dir) {
        Durable.deleteTemporaries(dir, STEM);
    }
}
