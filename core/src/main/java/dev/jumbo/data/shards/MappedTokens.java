package dev.jumbo.data.shards;

import dev.jumbo.error.InputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/** The two files of one shard of tokens in memory. Reads are absolute, so that threads share it. */
final class MappedTokens {
    private static final int HEADER = 16;

    private final Path index;
    private final TokenType dtype;
    private final long tokens;
    private final CharBuffer shorts;
    private final IntBuffer ints;
    private final LongBuffer starts;

    private MappedTokens(Path index, TokenType dtype, long tokens, ByteBuffer ids, LongBuffer starts) {
        this.index = index;
        this.dtype = dtype;
        this.tokens = tokens;
        shorts = ids.asCharBuffer();
        ints = ids.asIntBuffer();
        this.starts = starts;
    }

    /** @throws InputException if the files do not agree with each other or with the manifest */
    static MappedTokens open(Path dir, TokenShard shard, TokenType dtype) {
        Path bin = dir.resolve(shard.name() + TokenShard.TOKENS);
        Path idx = dir.resolve(shard.name() + TokenShard.INDEX);
        ByteBuffer index = MappedFile.map(idx);
        if (index.limit() < HEADER + Long.BYTES || index.limit() % Long.BYTES != 0) {
            throw damaged(idx, "whole offsets behind a header of 16 bytes", index.limit() + " bytes");
        }
        byte[] magic = new byte[TokenShardWriter.MAGIC.length];
        index.get(0, magic);
        int version = index.getInt(magic.length);
        int width = index.getInt(magic.length + Integer.BYTES);
        if (!Arrays.equals(magic, TokenShardWriter.MAGIC)
                || version != TokenShardWriter.VERSION
                || width != dtype.bytes()) {
            throw damaged(
                    idx,
                    "an index of version " + TokenShardWriter.VERSION + " for " + dtype.bytes() + " bytes a token",
                    "one of version " + version + " for " + width);
        }
        LongBuffer starts = index.slice(HEADER, index.limit() - HEADER)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asLongBuffer();
        if (starts.limit() != shard.documents() + 1) {
            throw damaged(idx, shard.documents() + " documents", String.valueOf(starts.limit() - 1));
        }
        ByteBuffer ids = MappedFile.map(bin);
        boolean countable = shard.tokens() >= 0 && shard.tokens() <= Integer.MAX_VALUE;
        if (!countable || ids.limit() != shard.tokens() * dtype.bytes()) {
            throw damaged(bin, shard.tokens() + " tokens of " + dtype.bytes() + " bytes", ids.limit() + " bytes");
        }
        if (starts.get(0) != 0 || starts.get(starts.limit() - 1) != shard.tokens()) {
            throw damaged(idx, "offsets from 0 to " + shard.tokens(), "others");
        }
        return new MappedTokens(idx, dtype, shard.tokens(), ids, starts);
    }

    long tokens() {
        return tokens;
    }

    int documents() {
        return starts.limit() - 1;
    }

    /**
     * Where a document begins; of the number of documents, where the last ends.
     *
     * @throws InputException if it would end before it begins: asked of each when it is needed, as a set may have a billion of them
     */
    long start(int document) {
        long start = starts.get(document);
        long end = document < documents() ? starts.get(document + 1) : tokens;
        if (start < 0 || start > end || end > tokens) {
            throw damaged(index, "a document " + document + " within " + tokens + " tokens", start + " to " + end);
        }
        return start;
    }

    /** Copies ids. */
    void read(int from, int length, long[] out, int offset) {
        if (dtype == TokenType.UINT16) {
            for (int i = 0; i < length; i++) {
                out[offset + i] = shorts.get(from + i);
            }
        } else {
            for (int i = 0; i < length; i++) {
                out[offset + i] = ints.get(from + i) & 0xFFFFFFFFL;
            }
        }
    }

    private static InputException damaged(Path file, String expected, String received) {
        return new InputException("the shard " + file + " is damaged: expected " + expected + ", received " + received
                + "; make it again");
    }
}
