package dev.jumbo.spark.gang;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.spark.launcher.JavaModuleOptions;
import org.jspecify.annotations.Nullable;

/** What of this process's start a worker needs, which trains and knows nothing of Spark. */
final class WorkerClassPath {
    /** Starts Spark's part of the class path that {@code ./jumbo} makes; what follows is Spark's. */
    private static final Pattern SPARK = Pattern.compile("jumbo-spark-[0-9][^/]*\\.jar");

    private WorkerClassPath() {}

    /**
     * The class path of a worker.
     *
     * @param all this process's
     * @param home where Jumbo is on the nodes, which there has the entries that here are below Jumbo's own home; null
     *     for the same places as here
     */
    static List<String> of(List<Path> all, @Nullable Path home) {
        List<Path> entries = new ArrayList<>();
        for (Path entry : all) {
            if (SPARK.matcher(String.valueOf(entry.getFileName())).matches()) {
                break;
            }
            entries.add(entry);
        }
        return entries.stream().map(entry -> on(home, entry)).toList();
    }

    private static String on(@Nullable Path home, Path entry) {
        return home == null
                ? entry.toString()
                : home.resolve(String.valueOf(entry.getFileName())).toString();
    }

    /** Options of the JVM without those that Spark asked for. */
    static List<String> withoutSpark(List<String> options) {
        Set<String> asked = Set.of(JavaModuleOptions.defaultModuleOptionArray());
        List<String> kept = new ArrayList<>();
        for (String option : options) {
            if (option.equals("-XX:+UseParallelGC")) {
                kept.add("-XX:+UseSerialGC");
            } else if (!asked.contains(option) || option.startsWith("--enable-native-access")) {
                kept.add(option);
            }
        }
        return kept;
    }
}
