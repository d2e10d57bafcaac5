package dev.jumbo.data.download;

import java.nio.file.Path;

/** Where downloaded files stay. */
public final class DownloadCache {
    private DownloadCache() {}

    /**
     * The directory: the system property {@code jumbo.cache}, or the environment's {@code JUMBO_CACHE}, or {@code
     * ~/.cache/jumbo}. It need not exist yet.
     */
    public static Path directory() {
        String named = System.getProperty("jumbo.cache", System.getenv("JUMBO_CACHE"));
        return named != null && !named.isBlank()
                ? Path.of(named)
                : Path.of(System.getProperty("user.home"), ".cache", "jumbo");
    }
}
