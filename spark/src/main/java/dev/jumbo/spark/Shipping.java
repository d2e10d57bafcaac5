package dev.jumbo.spark;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What executors get from the driver: Jumbo's jars and those that it needs, but for what a node with Spark has, and for
 * native libraries, which only workers of a training need. Executors ask Spark's own jars first, so one too many costs
 * its download and no more.
 */
public final class Shipping {
    /** Of Spark's distribution, by the place in a Maven repository. */
    private static final Pattern ON_EVERY_NODE =
            Pattern.compile("/(org/apache|org/scala-lang|org/json4s|org/glassfish|io/netty|com/fasterxml|org/slf4j)/");

    private static final Pattern NATIVE = Pattern.compile("/(org/bytedeco|org/duckdb|com/linecorp|ch/qos/logback)/");

    private Shipping() {}

    /** The settings that bring all of it there. */
    public static Map<String, String> everything() {
        return settings(classPath().stream()
                .filter(entry -> Files.isDirectory(entry) || !isElsewhere(entry))
                .toList());
    }

    /** The settings that bring there the jars, or directories, of some classes alone. */
    public static Map<String, String> of(Class<?>... classes) {
        List<Path> entries = new ArrayList<>();
        for (Class<?> each : classes) {
            try {
                entries.add(Path.of(
                        each.getProtectionDomain().getCodeSource().getLocation().toURI()));
            } catch (URISyntaxException e) {
                throw new IllegalStateException(e);
            }
        }
        return settings(entries);
    }

    private static Map<String, String> settings(List<Path> entries) {
        Map<String, String> settings = new TreeMap<>();
        settings.put(
                "spark.jars",
                entries.stream()
                        .filter(Files::isRegularFile)
                        .map(e -> e.toUri().toString())
                        .distinct()
                        .collect(Collectors.joining(",")));
        // Directories of classes, as while developing, are there on this machine alone.
        settings.put(
                "spark.executor.extraClassPath",
                entries.stream()
                        .filter(Files::isDirectory)
                        .map(Path::toString)
                        .distinct()
                        .collect(Collectors.joining(File.pathSeparator)));
        settings.values().removeIf(String::isEmpty);
        return settings;
    }

    private static boolean isElsewhere(Path jar) {
        String path = jar.toUri().getPath();
        return ON_EVERY_NODE.matcher(path).find() || NATIVE.matcher(path).find();
    }

    /** This process's, in order. */
    public static List<Path> classPath() {
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(System.getProperty("java.class.path"))
                .filter(e -> !e.isEmpty())
                .map(e -> Path.of(e).toAbsolutePath().normalize())
                .distinct()
                .toList();
    }
}
