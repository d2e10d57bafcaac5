package dev.jumbo.spark.corpus;

import dev.jumbo.config.Records;
import dev.jumbo.error.FailureException;
import dev.jumbo.files.Sha256;
import dev.jumbo.spark.Shipping;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.Stream;

/**
 * What decides a stage's output besides its configuration: a hash of all classes and resources of the modules that do the
 * work, and of the names of the jars beside them, which carry their versions. Of the content of jars and not of the jars,
 * so that a build of the same sources finds the stages of the build before.
 */
final class CodeVersion {
    /** One class of each module: core cleans tables, this one does the rest. */
    private static final List<Class<?>> MODULES = List.of(Records.class, CodeVersion.class);

    private CodeVersion() {}

    /** Of the running code. */
    static String current() {
        return Current.HASH;
    }

    /** Read once: all of it is some megabytes. */
    private static final class Current {
        static final String HASH = hash();

        private static String hash() {
            String[] hashes = Stream.concat(
                            MODULES.stream().map(CodeVersion::place).map(CodeVersion::of),
                            Shipping.classPath().stream()
                                    .filter(Files::isRegularFile)
                                    .map(jar -> jar.getFileName().toString())
                                    .sorted())
                    .toArray(String[]::new);
            return Fingerprints.of(hashes);
        }
    }

    private static Path place(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** SHA-256 of the names and contents of all files in a directory or a jar. */
    static String of(Path place) {
        try {
            if (Files.isDirectory(place)) {
                return files(place);
            }
            try (FileSystem jar = FileSystems.newFileSystem(place)) {
                return files(jar.getPath("/"));
            }
        } catch (IOException e) {
            throw new FailureException("cannot read " + place + ": " + e.getMessage(), e);
        }
    }

    private static String files(Path root) throws IOException {
        MessageDigest sha = Sha256.digest();
        try (Stream<Path> walk = Files.walk(root)) {
            List<Path> files = walk.filter(Files::isRegularFile)
                    .filter(file -> !root.relativize(file).startsWith("META-INF"))
                    .sorted()
                    .toList();
            for (Path file : files) {
                String name = root.relativize(file).toString();
                sha.update((name + "\n" + Files.size(file) + "\n").getBytes(StandardCharsets.UTF_8));
                try (InputStream in = Files.newInputStream(file)) {
                    in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), sha));
                }
            }
        }
        return Sha256.hex(sha);
    }
}
