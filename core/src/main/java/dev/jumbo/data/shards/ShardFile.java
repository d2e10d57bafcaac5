package dev.jumbo.data.shards;

/**
 * A file that a manifest promises.
 *
 * @param name within the set's directory
 * @param bytes its length
 * @param sha256 its hash, in hexadecimal
 */
record ShardFile(String name, long bytes, String sha256) {}
