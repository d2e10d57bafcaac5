package dev.jumbo.serve.repository;

/** Where a version is in its life. */
public enum VersionState {
    /** It is on the disk and whole, as far as can be seen, and not loaded. */
    FOUND("UNAVAILABLE"),
    /** It changes, or is not whole yet: not yet a version. */
    COPYING("UNAVAILABLE"),
    /** Its files are verified and read. */
    LOADING("LOADING"),
    /** It answers the inputs of its trial, and nobody else. */
    WARMING("LOADING"),
    /** It answers. */
    READY("READY"),
    /** It takes no more requests, and ends those that it has. */
    DRAINING("UNLOADING"),
    /** It will not answer as long as its files are what they are. */
    FAILED("UNAVAILABLE");

    private final String protocol;

    VersionState(String protocol) {
        this.protocol = protocol;
    }

    /** The word of the repository extension: {@code READY}, {@code LOADING}, {@code UNLOADING} or {@code UNAVAILABLE}. */
    public String protocolName() {
        return protocol;
    }
}
