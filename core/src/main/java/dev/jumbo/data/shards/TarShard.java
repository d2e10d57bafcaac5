package dev.jumbo.data.shards;

import dev.jumbo.config.Doc;
import dev.jumbo.files.NamedFiles;
import java.io.Serializable;

/**
 * The manifest's entry of one tar shard.
 *
 * @param name of the file
 * @param examples in it
 * @param bytes its length
 * @param sha256 its hash, in hexadecimal
 */
public record TarShard(
        @Doc("Name of the file.") String name,
        @Doc("Examples.") long examples,
        @Doc("Length of the file.") long bytes,
        @Doc("SHA-256 of the file.") String sha256)
        implements Serializable {
    /** @throws dev.jumbo.error.InputException if no file can have the name */
    public TarShard {
        NamedFiles.at(null, name, "shards: name");
    }
}
