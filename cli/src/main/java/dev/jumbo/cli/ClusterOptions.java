package dev.jumbo.cli;

import dev.jumbo.error.InputException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cluster a verb runs on, and who does it there: the module spark, where it is on the class path. */
final class ClusterOptions {
    @Option(
            names = "--master",
            paramLabel = "URL",
            description = "Run on Spark: local[*] for this machine, spark://HOST:PORT for a cluster. The first use"
                    + " downloads about 300 MB.")
    private @Nullable String master;

    @Option(
            names = "--conf",
            paramLabel = "KEY=VALUE",
            description = "A setting of Spark, as in --conf spark.executor.memory=8g. May be repeated.")
    private Map<String, String> settings = new LinkedHashMap<>();

    /** @return null to run without a cluster */
    @Nullable
    String master() {
        if (master == null && !settings.isEmpty()) {
            throw new InputException("expected --master with --conf, found none: add it, as in --master local[*]");
        }
        return master;
    }

    Map<String, String> settings() {
        return settings;
    }

    /** What other modules have to offer. @throws InputException if none is there */
    static <S> List<S> services(Class<S> service) {
        List<S> found = ServiceLoader.load(service).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        if (found.isEmpty()) {
            throw new InputException("expected the module spark of Jumbo for --master, found none on the class path:"
                    + " start by ./jumbo, which builds it, or add dev.jumbo:spark");
        }
        return found;
    }
}
