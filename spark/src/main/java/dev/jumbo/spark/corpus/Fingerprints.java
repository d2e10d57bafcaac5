package dev.jumbo.spark.corpus;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.files.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Hashes by which a later run knows whether something is still the same. */
public final class Fingerprints {
    private Fingerprints() {}

    /** SHA-256 of texts, in hexadecimal. */
    public static String of(String... texts) {
        MessageDigest sha = Sha256.digest();
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            sha.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
            sha.update(bytes);
        }
        return Sha256.hex(sha);
    }

    /**
     * What is new after every run that ends well: the time of its report. In the key of something whose changes cannot be
     * seen, such as a database's rows, it lets a run go on behind a crash, and a run behind a success read anew.
     */
    public static String ofLastReport(Path report) {
        try {
            return Files.exists(report) ? Files.getLastModifiedTime(report).toString() : "";
        } catch (IOException e) {
            throw new FailureException("cannot read " + report + ": " + e.getMessage(), e);
        }
    }

    /** SHA-256 of the content of all files that a record names, in the order of its components. */
    static String ofFiles(Record record) {
        List<Path> files = new ArrayList<>();
        collect(record, files);
        MessageDigest sha = Sha256.digest();
        files.forEach(file -> add(file, sha));
        return Sha256.hex(sha);
    }

    private static void collect(@Nullable Object value, List<Path> files) {
        if (value instanceof Path path) {
            files.add(path);
        } else if (value instanceof Iterable<?> values) {
            values.forEach(v -> collect(v, files));
        } else if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> sorted = new TreeMap<>();
            map.forEach((k, v) -> sorted.put(String.valueOf(k), v));
            sorted.values().forEach(v -> collect(v, files));
        } else if (value instanceof Record record) {
            for (RecordComponent component : record.getClass().getRecordComponents()) {
                collect(get(component, record), files);
            }
        }
    }

    private static @Nullable Object get(RecordComponent component, Record record) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(record);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("a record's component that cannot be read", e);
        }
    }

    private static void add(Path path, MessageDigest sha) {
        if (!Files.exists(path)) {
            throw new InputException("there is no file " + path + ": check the path");
        }
        try (Stream<Path> walk = Files.walk(path)) {
            for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
                try (InputStream in = Files.newInputStream(file)) {
                    in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), sha));
                }
            }
        } catch (IOException e) {
            throw new FailureException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }
}
