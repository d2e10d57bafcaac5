package dev.jumbo.train.plan.machine;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The caches of the processor, as Linux tells them. */
final class Caches {
    private static final Path DIRECTORY = Path.of("/sys/devices/system/cpu/cpu0/cache");
    private static final long KIB = 1024;

    /** Where the system does not tell: what server processors have at least. */
    private static final long USUAL = 32 * KIB * KIB;

    private Caches() {}

    /** Bytes of the largest cache. */
    static long largest() {
        long largest = 0;
        if (Files.isDirectory(DIRECTORY)) {
            try (DirectoryStream<Path> levels = Files.newDirectoryStream(DIRECTORY, "index*")) {
                for (Path level : levels) {
                    largest = Math.max(largest, bytes(Files.readString(level.resolve("size"))));
                }
            } catch (IOException e) {
                return USUAL; // A container may hide it.
            }
        }
        return largest > 0 ? largest : USUAL;
    }

    /** Of {@code 32768K} or {@code 32M}; 0 if it is neither. */
    static long bytes(String size) {
        String text = size.strip();
        if (!text.matches("\\d{1,9}[KMG]?")) {
            return 0;
        }
        long value = Long.parseLong(text.replaceAll("\\D", ""));
        return switch (text.charAt(text.length() - 1)) {
            case 'K' -> value * KIB;
            case 'M' -> value * KIB * KIB;
            case 'G' -> value * KIB * KIB * KIB;
            default -> value;
        };
    }
}
