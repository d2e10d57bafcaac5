package dev.jumbo.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Memory for tensors that the system did not give, recognised by what libtorch says.
 *
 * @param requested bytes, or -1 where libtorch does not say
 * @param held bytes that this process has had in memory at most
 * @param limit bytes that the shell allows this process, or -1 for any number
 */
public record OutOfMemory(long requested, long held, long limit) {
    /** What the allocators of libtorch and oneDNN, CUDA's and C++'s own say. */
    private static final Pattern REFUSED = Pattern.compile(
            "DefaultCPUAllocator: (?:can't allocate|not enough) memory: you tried to allocate (\\d+) bytes"
                    + "|bad_alloc|CUDA out of memory|could not create a memory|[Oo]ut of memory",
            Pattern.CASE_INSENSITIVE);

    private static final Path LIMITS = Path.of("/proc/self/limits");

    /** For the memory that a process fills: its data, and all of its addresses. */
    private static final Pattern LIMIT =
            Pattern.compile("^Max (?:data size|address space) +(\\d+) ", Pattern.MULTILINE);

    /** Finds it in an error, or in what caused that; empty for an error of another kind. */
    public static Optional<OutOfMemory> in(Throwable error) {
        for (@Nullable Throwable e = error; e != null; e = e.getCause()) {
            Matcher refused = REFUSED.matcher(String.valueOf(e.getMessage()));
            if (!(e instanceof Error) && refused.find()) {
                long requested = refused.group(1) == null ? -1 : Long.parseLong(refused.group(1));
                return Optional.of(new OutOfMemory(requested, NativeMemory.peakResidentBytes(), ofProcess()));
            }
        }
        return Optional.empty();
    }

    private static long ofProcess() {
        try {
            return LIMIT.matcher(Files.readString(LIMITS))
                    .results()
                    .mapToLong(found -> Long.parseLong(found.group(1)))
                    .min()
                    .orElse(-1);
        } catch (IOException e) {
            return -1; // Not Linux.
        }
    }

    /** For messages: {@code the system does not give 256.0 MB more to a process that has held 1.6 GB (ulimit: 2.2 GB)}. */
    public String describe() {
        return "the system does not give "
                + (requested < 0 ? "memory" : bytes(requested) + " more")
                + " to a process that has held " + bytes(held)
                + (limit < 0 ? "" : " (ulimit: " + bytes(limit) + ")");
    }

    /** For messages: {@code 1.6 GB}, {@code 20.5 MB}. */
    public static String bytes(double bytes) {
        return bytes >= 1e9
                ? String.format(Locale.ROOT, "%.1f GB", 1e-9 * bytes)
                : String.format(Locale.ROOT, "%.1f MB", 1e-6 * bytes);
    }
}
