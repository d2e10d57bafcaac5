package dev.jumbo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * The optional directory of real data for tests: {@code -Djumbo.shared=DIR}, or {@code JUMBO_SHARED}, or {@code
 * ../shared/data} beside the repository. Without it a test that asks for a file is skipped, and reported so.
 */
public final class SharedData {
    private SharedData() {}

    /** A file or directory of the shared data, as in {@code require("mnist")}; skips the test if it is not there. */
    public static Path require(String name) {
        Path path = root().resolve(name);
        Assumptions.assumeTrue(
                Files.exists(path), () -> "no " + path + "; set JUMBO_SHARED to the directory of the shared data");
        return path;
    }

    /** Whether it is there: for what a test can do without. */
    public static Optional<Path> find(String name) {
        return Optional.of(root().resolve(name)).filter(Files::exists);
    }

    private static Path root() {
        String named = System.getProperty("jumbo.shared", System.getenv("JUMBO_SHARED"));
        if (named != null) {
            return Path.of(named);
        }
        // Tests run in the module's directory, which may be in a worktree further down than the repository itself.
        Path here = Path.of("").toAbsolutePath();
        for (Path dir = here; dir != null; dir = dir.getParent()) {
            Path candidate = dir.resolve("shared/data");
            if (Files.isDirectory(candidate)) {
                return candidate;
            }
        }
        return Path.of("../../shared/data");
    }
}
