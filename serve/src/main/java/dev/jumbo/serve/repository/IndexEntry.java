package dev.jumbo.serve.repository;

/**
 * A version as the index of a repository lists it.
 *
 * @param model name of the model
 * @param version name of the version; empty for what is said of the model as a whole
 * @param reason why it is not ready, or what is worth knowing; empty where there is nothing to say
 */
public record IndexEntry(String model, String version, VersionState state, String reason) {}
