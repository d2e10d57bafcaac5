package dev.jumbo.models;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The optional directory of real data for tests, found as in the module core: {@code JUMBO_SHARED}, or {@code ../shared/data} beside the repository. */
public final class SharedData {
    private SharedData() {}

    /** A file or directory of the shared data; skips the test if it is not there. */
    public static Path require(String name) {
        Path path = root().resolve(name);
        Assumptions.assumeTrue(
                Files.exists(path), () -> "no " + path + "; set JUMBO_SHARED to the directory of the shared data");
        return path;
    }

    private static Path root() {
        String named = System.getProperty("jumbo.shared", System.getenv("JUMBO_SHARED"));
        if (named != null) {
            return Path.of(named);
        }
        for (Path dir = Path.of("").toAbsolutePath(); dir != null; dir = dir.getParent()) {
            Path candidate = dir.resolve("shared/data");
            if (Files.isDirectory(candidate)) {
                return candidate;
            }
        }
        return Path.of("../../shared/data");
    }
}
