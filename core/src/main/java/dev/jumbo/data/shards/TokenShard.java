package dev.jumbo.data.shards;

import dev.jumbo.config.Doc;
import dev.jumbo.files.NamedFiles;
import java.io.Serializable;

/**
 * The manifest's entry of one shard of tokens.
 *
 * @param name of its files, without {@code .bin} and {@code .idx}
 * @param tokens ids in it, ends of documents included
 * @param documents in it
 * @param bytes length of the {@code .bin} file
 * @param sha256 of the {@code .bin} file, in hexadecimal
 * @param indexBytes length of the {@code .idx} file
 * @param indexSha256 of the {@code .idx} file, in hexadecimal
 */
public record TokenShard(
        @Doc("Name of the shard's files without their endings.")
        String name,

        @Doc("Tokens, ends of documents included.") long tokens,
        @Doc("Documents.") long documents,
        @Doc("Length of the .bin file.") long bytes,
        @Doc("SHA-256 of the .bin file.") String sha256,
        @Doc("Length of the .idx file.") long indexBytes,
        @Doc("SHA-256 of the .idx file.") String indexSha256)
        implements Serializable {
    static final String TOKENS = ".bin";
    static final String INDEX = ".idx";

    /** @throws dev.jumbo.error.InputException if no file can have the name */
    public TokenShard {
        NamedFiles.at(null, name, "shards: name");
    }
}
