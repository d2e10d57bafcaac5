package dev.jumbo.error;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A disk without room for what is written, in a failure of any library: they say it in words alone. */
public final class DiskFull {
    /** Of Linux and macOS, of a quota, and of Windows. */
    private static final List<String> WORDS =
            List.of("no space left on device", "disk quota exceeded", "not enough space on the disk");

    private static final double MEGABYTE = 1e6;

    private DiskFull() {}

    /** Whether that is what went wrong. */
    public static boolean isIn(@Nullable Throwable failure) {
        return isIn(failure, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private static boolean isIn(@Nullable Throwable failure, Set<Throwable> seen) {
        if (failure == null || !seen.add(failure)) {
            return false;
        }
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        if (WORDS.stream().anyMatch(message::contains) || isIn(failure.getCause(), seen)) {
            return true;
        }
        for (Throwable each : failure.getSuppressed()) {
            if (isIn(each, seen)) {
                return true;
            }
        }
        return false;
    }

    /** What a directory's disk has, as {@code runs/a is on a disk of 12.6 MB, 0.1 MB of it free}. */
    public static String describe(Path directory) {
        Path there = directory.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        try {
            FileStore store = Files.getFileStore(there);
            return String.format(
                    Locale.ROOT,
                    "%s is on a disk of %,.1f MB, %,.1f MB of it free",
                    directory,
                    store.getTotalSpace() / MEGABYTE,
                    store.getUsableSpace() / MEGABYTE);
        } catch (IOException e) {
            return directory + " is on a disk that cannot be looked at";
        }
    }
}
