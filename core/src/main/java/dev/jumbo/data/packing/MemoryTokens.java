package dev.jumbo.data.packing;

import dev.jumbo.error.InputException;
import dev.jumbo.files.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Documents in memory: four bytes an id, and a bit where not all are to be learned. */
public final class MemoryTokens implements DocumentTokens {
    private static final int CHUNK_BITS = 20;
    private static final int CHUNK = 1 << CHUNK_BITS;

    private final List<int[]> chunks;
    private final List<BitSet> ignored;
    private final long[] starts;
    private final long vocabulary;
    private final @Nullable Integer endOfDocument;
    private final String fingerprint;

    private MemoryTokens(Builder made) {
        chunks = List.copyOf(made.chunks);
        ignored = List.copyOf(made.ignored);
        starts = Arrays.copyOf(made.starts, made.documents + 1);
        vocabulary = made.vocabulary;
        endOfDocument = made.endOfDocument;
        fingerprint = Sha256.hex(made.digest);
    }

    /** Takes documents. One thread at a time. */
    public static final class Builder {
        private final List<int[]> chunks = new ArrayList<>();
        private final List<BitSet> ignored = new ArrayList<>();
        private final MessageDigest digest = Sha256.digest();
        private final long vocabulary;
        private final @Nullable Integer endOfDocument;
        private long[] starts = new long[1024];
        private int documents;
        private long tokens;

        private Builder(long vocabulary, @Nullable Integer endOfDocument) {
            this.vocabulary = vocabulary;
            this.endOfDocument = endOfDocument;
        }

        /** A document of which every id is learned. */
        public Builder add(int[] ids) {
            return add(ids, null);
        }

        /** @param learned which ids are to be learned by those before them; null for all */
        public Builder add(int[] ids, boolean @Nullable [] learned) {
            if (learned != null && learned.length != ids.length) {
                throw new InputException("expected whether each of " + ids.length + " ids is learned, received "
                        + learned.length + " values");
            }
            byte[] bytes = new byte[ids.length * Integer.BYTES];
            ByteBuffer.wrap(bytes).asIntBuffer().put(ids);
            digest.update(bytes);
            for (int i = 0; i < ids.length; i++) {
                if (ids[i] < 0 || vocabulary > 0 && ids[i] >= vocabulary) {
                    throw new InputException("expected ids from 0 to " + (vocabulary - 1) + ", received " + ids[i]);
                }
                add(ids[i], learned == null || learned[i]);
            }
            if (documents + 2 > starts.length) {
                starts = Arrays.copyOf(starts, Math.multiplyExact(starts.length, 2));
            }
            starts[++documents] = tokens;
            digest.update((byte) 1);
            return this;
        }

        private void add(int id, boolean isLearned) {
            int at = (int) (tokens & (CHUNK - 1));
            if (at == 0) {
                chunks.add(new int[CHUNK]);
                ignored.add(new BitSet());
            }
            chunks.get(chunks.size() - 1)[at] = id;
            if (!isLearned) {
                ignored.get(ignored.size() - 1).set(at);
                digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, tokens));
            }
            tokens++;
        }

        /** Ids so far. */
        public long tokens() {
            return tokens;
        }

        /** Documents so far. */
        public int documents() {
            return documents;
        }

        /** What was added. Nothing may be added any more. */
        public MemoryTokens build() {
            return new MemoryTokens(this);
        }
    }

    /** @param vocabulary entries of the vocabulary; 0 where that is not known @param endOfDocument fills up what is too short; null for 0 */
    public static Builder builder(long vocabulary, @Nullable Integer endOfDocument) {
        return new Builder(vocabulary, endOfDocument);
    }

    /** The first ids of these, up to a place, as documents of their own; the last one may be cut. */
    public MemoryTokens part(long from, long to) {
        Builder part = builder(vocabulary, endOfDocument);
        for (long document = documentAt(from); document < documents() && start(document) < to; document++) {
            long first = Math.max(from, start(document));
            int length = Math.toIntExact(Math.min(to, start(document + 1)) - first);
            if (length > 0) {
                int[] ids = new int[length];
                boolean[] learned = new boolean[length];
                for (int i = 0; i < length; i++) {
                    ids[i] = id(first + i);
                    learned[i] = isLearned(first + i);
                }
                part.add(ids, learned);
            }
        }
        return part.build();
    }

    private int id(long at) {
        return chunks.get((int) (at >>> CHUNK_BITS))[(int) (at & (CHUNK - 1))];
    }

    private boolean isLearned(long at) {
        return !ignored.get((int) (at >>> CHUNK_BITS)).get((int) (at & (CHUNK - 1)));
    }

    @Override
    public long tokens() {
        return starts[starts.length - 1];
    }

    @Override
    public long documents() {
        return starts.length - 1L;
    }

    @Override
    public long start(long document) {
        return starts[Math.toIntExact(document)];
    }

    @Override
    public void read(long from, int length, long[] out, int offset) {
        for (int i = 0; i < length; i++) {
            out[offset + i] = id(from + i);
        }
    }

    @Override
    public void readLearned(long from, int length, long[] out, int offset) {
        for (int i = 0; i < length; i++) {
            out[offset + i] = isLearned(from + i) ? id(from + i) : IGNORED;
        }
    }

    /** Ids that are to be learned. */
    public long learned() {
        return tokens() - ignored.stream().mapToLong(BitSet::cardinality).sum();
    }

    @Override
    public long vocabulary() {
        return vocabulary;
    }

    @Override
    public @Nullable Integer endOfDocument() {
        return endOfDocument;
    }

    @Override
    public String fingerprint() {
        return fingerprint;
    }
}
