package dev.jumbo.data.shards;

import dev.jumbo.data.packing.DocumentTokens;
import dev.jumbo.error.InputException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A set of token shards, memory-mapped and verified: one stream of tokens, shard after shard, with documents in it. Any
 * number of threads may read. The memory is the operating system's cache of the files; none of it is on the heap.
 */
public final class TokenShards implements DocumentTokens {
    private final TokenManifest manifest;
    private final String fingerprint;
    private final List<MappedTokens> shards;
    private final long[] firstToken;
    private final long[] firstDocument;

    private TokenShards(TokenManifest manifest, String fingerprint, List<MappedTokens> shards) {
        this.manifest = manifest;
        this.fingerprint = fingerprint;
        this.shards = shards;
        firstToken = new long[shards.size() + 1];
        firstDocument = new long[shards.size() + 1];
        for (int i = 0; i < shards.size(); i++) {
            firstToken[i + 1] = firstToken[i] + shards.get(i).tokens();
            firstDocument[i + 1] = firstDocument[i] + shards.get(i).documents();
        }
    }

    /**
     * Opens a set. Lengths are checked every time; hashes the first time, and again when the manifest, a length or a
     * time of change is another (see the file {@code .verified} beside the manifest).
     *
     * @throws InputException if there is no set, or if a file is missing, cut short or changed, naming the file
     */
    public static TokenShards open(Path dir) {
        TokenManifest manifest = TokenManifest.read(dir);
        Verification.check(dir, manifest.files());
        List<MappedTokens> mapped = manifest.shards().stream()
                .map(shard -> MappedTokens.open(dir, shard, manifest.content().dtype()))
                .toList();
        return new TokenShards(manifest, Manifests.sha256(dir.resolve(Manifests.NAME)), mapped);
    }

    public TokenManifest manifest() {
        return manifest;
    }

    /** SHA-256 of the manifest, which holds those of all shards. */
    @Override
    public String fingerprint() {
        return fingerprint;
    }

    /** Tokens of all documents, ends of documents included. */
    @Override
    public long tokens() {
        return manifest.tokens();
    }

    @Override
    public long documents() {
        return manifest.documents();
    }

    /**
     * Copies tokens of the stream, across the ends of documents and shards.
     *
     * @param from the first token, 0 to {@link #tokens} less the length
     */
    @Override
    public void read(long from, int length, long[] out, int offset) {
        if (from < 0 || length < 0 || from + length > tokens()) {
            throw new InputException(
                    "expected tokens from 0 to " + tokens() + ", received " + from + " to " + (from + length));
        }
        int shard = place(firstToken, from);
        int done = 0;
        while (done < length) {
            int within = (int) (from + done - firstToken[shard]);
            int part = (int) Math.min(length - done, shards.get(shard).tokens() - within);
            shards.get(shard).read(within, part, out, offset + done);
            done += part;
            shard++;
        }
    }

    /**
     * Where a document begins in the stream; it ends where the next begins.
     *
     * @param document 0 to {@link #documents}; that number gives the end of the last
     */
    @Override
    public long start(long document) {
        if (document < 0 || document > documents()) {
            throw new InputException("expected a document from 0 to " + documents() + ", received " + document);
        }
        if (document == documents()) {
            return tokens();
        }
        int shard = place(firstDocument, document);
        return firstToken[shard] + shards.get(shard).start((int) (document - firstDocument[shard]));
    }

    @Override
    public long vocabulary() {
        return manifest.content().vocabularySize();
    }

    @Override
    public @Nullable Integer endOfDocument() {
        return manifest.content().endOfDocument();
    }

    /** The last shard that begins at or before a number: empty ones before it are passed over. */
    private static int place(long[] first, long number) {
        int found = Arrays.binarySearch(first, 0, first.length - 1, number);
        int shard = found >= 0 ? found : -found - 2;
        while (shard + 2 < first.length && first[shard + 1] <= number) {
            shard++;
        }
        return shard;
    }
}
