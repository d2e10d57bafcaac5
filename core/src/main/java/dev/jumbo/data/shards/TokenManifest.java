package dev.jumbo.data.shards;

import dev.jumbo.config.Doc;
import dev.jumbo.error.InputException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What {@code manifest.json} of a set of token shards holds.
 *
 * @param format version of this format: 1
 * @param kind {@value #KIND}
 * @param content what all shards have in common
 * @param tokens in all shards, ends of documents included
 * @param documents in all shards
 * @param shards in the order in which they are read
 */
public record TokenManifest(
        @Doc("Version of this format: 1.") int format,
        @Doc("What the shards hold: token_shards.") String kind,
        @Doc("What all shards have in common.") TokenFormat content,
        @Doc("Tokens in all shards.") long tokens,
        @Doc("Documents in all shards.") long documents,
        @Doc("The shards in order.") List<TokenShard> shards) {
    /** The kind of set. */
    public static final String KIND = "token_shards";

    private static final int FORMAT = 1;

    public TokenManifest {
        shards = List.copyOf(shards);
        if (format != FORMAT) {
            throw new InputException("expected token shards of the format " + FORMAT + ", received " + format
                    + "; use the version of Jumbo that wrote them");
        }
        long tokensOfAll = shards.stream().mapToLong(TokenShard::tokens).sum();
        long documentsOfAll = shards.stream().mapToLong(TokenShard::documents).sum();
        if (tokens != tokensOfAll || documents != documentsOfAll) {
            throw new InputException("expected a manifest whose shards add up to " + tokens + " tokens and " + documents
                    + " documents, received " + tokensOfAll + " and " + documentsOfAll);
        }
    }

    /**
     * Makes a set of complete shards in a directory: writes its manifest, after which the set is there.
     *
     * @param shards as the writers returned them, in any order; they are read in the order of their names
     * @throws InputException if a shard's file is missing or has another length, or if the directory holds a set already
     */
    public static TokenManifest publish(Path dir, TokenFormat content, List<TokenShard> shards) {
        List<TokenShard> sorted = shards.stream()
                .sorted(Comparator.comparingInt((TokenShard s) -> s.name().length())
                        .thenComparing(TokenShard::name))
                .toList();
        TokenManifest manifest = new TokenManifest(
                FORMAT,
                KIND,
                content,
                sorted.stream().mapToLong(TokenShard::tokens).sum(),
                sorted.stream().mapToLong(TokenShard::documents).sum(),
                sorted);
        TokenShardWriter.deleteTemporaries(dir);
        Manifests.write(dir, TokenManifest.class, manifest, manifest.files());
        return manifest;
    }

    /** Reads the manifest of a set. @throws InputException if there is none */
    public static TokenManifest read(Path dir) {
        return Manifests.read(dir, TokenManifest.class, KIND);
    }

    List<ShardFile> files() {
        return shards.stream()
                .flatMap(s -> Stream.of(
                        new ShardFile(s.name() + TokenShard.TOKENS, s.bytes(), s.sha256()),
                        new ShardFile(s.name() + TokenShard.INDEX, s.indexBytes(), s.indexSha256())))
                .toList();
    }
}
