package dev.jumbo.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a parser owes to bytes of a stranger: a value, or a refusal that the stranger may read. Everything else is a failed test: another
 * exception or error, more than {@code time} of the processor, more memory than {@code fixed} bytes and {@code each} for each byte that was
 * given (all that the thread allocated, garbage included), a refusal that is empty, endless or names classes, and files left behind.
 *
 * @param refusal the exception that says that the bytes are at fault
 * @param fixed bytes that a parser may allocate for any input
 * @param each bytes that it may allocate for each byte of the input
 * @param time of the processor for one input
 */
public record Untrusted(Class<? extends RuntimeException> refusal, long fixed, long each, Duration time) {
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** How many times more a parser may use while it is fuzzed, as the fuzzer's own hooks in it take time and memory. */
    private static final int SLACK = Boolean.getBoolean(JazzerTarget.FUZZING) ? 8 : 1;

    /** A sentence, with a name or a line of the input in it; no dump of the input. */
    private static final int LONGEST_MESSAGE = 4000;

    /** Names of classes and what {@code Object.toString} makes of them. */
    private static final Pattern CLASSES = Pattern.compile(
            "\\b(?:dev\\.jumbo|java|javax|jdk|sun|com\\.fasterxml|com\\.google|com\\.sun|org\\.yaml|org\\.bytedeco|ai\\.onnxruntime|io\\.netty)"
                    + "\\.[a-z.]*[A-Z]\\w*|\\b\\w+(?:Exception|Error)\\b|\\w@[0-9a-f]{6,8}\\b");

    /** A parser that may refuse. */
    @FunctionalInterface
    public interface Parser<T> {
        @Nullable
        T parse() throws Exception;
    }

    /** A parser of a file that may refuse. */
    @FunctionalInterface
    public interface FileParser<T> {
        @Nullable
        T parse(Path file) throws Exception;
    }

    /** 32 MiB for any input and 1 KiB for each byte of it, within a second. */
    public static Untrusted refusedBy(Class<? extends RuntimeException> refusal) {
        return new Untrusted(refusal, 32 << 20, 1 << 10, Duration.ofSeconds(1));
    }

    /** With other bounds of memory. */
    public Untrusted allocating(long fixedBytes, long bytesForEach) {
        return new Untrusted(refusal, fixedBytes, bytesForEach, time);
    }

    /** @return what the parser made of the bytes; empty if it refused them */
    public <T> Optional<T> parse(byte[] bytes, Parser<T> parser) {
        Cost cost = new Cost();
        Optional<T> value = answer(bytes, parser);
        if (cost.isOver(bytes.length)) {
            // The first input of a process pays for classes and libraries that it loads: the second time counts.
            cost = new Cost();
            value = answer(bytes, parser);
            if (cost.isOver(bytes.length)) {
                throw new AssertionError("expected an answer to " + bytes.length + " bytes for "
                        + (fixed + each * bytes.length) + " bytes of memory within " + time.toMillis()
                        + " ms, received one for " + cost.bytes() + " after " + cost.nanoseconds() / 1_000_000 + " ms");
            }
        }
        return value;
    }

    /** What this thread has used since it was made. */
    private final class Cost {
        private final long allocated = THREADS.getCurrentThreadAllocatedBytes();
        private final long began = THREADS.getCurrentThreadCpuTime();

        long bytes() {
            return THREADS.getCurrentThreadAllocatedBytes() - allocated;
        }

        long nanoseconds() {
            return THREADS.getCurrentThreadCpuTime() - began;
        }

        boolean isOver(int length) {
            return nanoseconds() > SLACK * time.toNanos() || bytes() > SLACK * (fixed + each * length);
        }
    }

    /** As {@link #parse}, of a file with this name that holds the bytes, alone in a folder that is empty behind it. */
    public <T> Optional<T> parseFile(byte[] bytes, String name, FileParser<T> parser) {
        Path folder = Folder.OF_THIS_PROCESS;
        Path file = folder.resolve(name);
        try {
            Optional<T> value;
            try {
                value = parse(bytes, () -> parser.parse(Files.write(file, bytes)));
            } finally {
                Files.deleteIfExists(file);
            }
            requireEmpty(folder);
            return value;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T> Optional<T> answer(byte[] bytes, Parser<T> parser) {
        try {
            return Optional.ofNullable(parser.parse());
        } catch (RuntimeException e) {
            if (!refusal.isInstance(e)) {
                throw new AssertionError("expected a value or " + refusal.getSimpleName() + ", received " + e, e);
            }
            requireReadable(String.valueOf(e.getMessage()), bytes, e);
            return Optional.empty();
        } catch (Exception e) {
            throw new AssertionError("expected a value or " + refusal.getSimpleName() + ", received " + e, e);
        }
    }

    private static void requireReadable(String message, byte[] bytes, RuntimeException refused) {
        if (message.isBlank() || message.length() > LONGEST_MESSAGE) {
            throw new AssertionError(
                    "expected a message of up to " + LONGEST_MESSAGE + " characters, received one of "
                            + message.length(),
                    refused);
        }
        Matcher names = CLASSES.matcher(message);
        while (names.find()) {
            if (new String(bytes, StandardCharsets.UTF_8).contains(names.group())) {
                continue; // The stranger's own words.
            }
            throw new AssertionError(
                    "expected a message without names of classes, received \"" + message + "\"", refused);
        }
    }

    private static void requireEmpty(Path folder) throws IOException {
        List<Path> left;
        try (Stream<Path> files = Files.list(folder)) {
            left = files.toList();
        }
        for (Path file : left) {
            Files.delete(file);
        }
        if (!left.isEmpty()) {
            throw new AssertionError("expected no files left behind, found " + left);
        }
    }

    /** Made when the first file is parsed. */
    private static final class Folder {
        static final Path OF_THIS_PROCESS = make();

        private static Path make() {
            try {
                return MemoryFolder.make();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
