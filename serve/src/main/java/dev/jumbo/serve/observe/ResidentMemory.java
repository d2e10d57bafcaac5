package dev.jumbo.serve.observe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Resident memory of this process, as Linux tells it. */
final class ResidentMemory {
    private static final Pattern LINE = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final Path FILE = Path.of("/proc/self/status");

    private ResidentMemory() {}

    /** NaN where nobody tells. */
    static double bytes() {
        try {
            Matcher line = LINE.matcher(Files.readString(FILE));
            return line.find() ? Long.parseLong(line.group(1)) * 1024.0 : Double.NaN;
        } catch (IOException e) {
            return Double.NaN; // another system
        }
    }
}
