package dev.jumbo.spark;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.spark.sql.SparkSession;

/**
 * Where Spark runs, and with what settings.
 *
 * @param url {@code local[N]}, {@code local[*]}, {@code spark://HOST:PORT}, or another that Spark knows
 * @param settings of Spark, over Jumbo's
 */
public record SparkMaster(String url, Map<String, String> settings) {
    private static final Pattern LOCAL = Pattern.compile("local(\\[(\\*|\\d+)(,\\s*\\d+)?])?");
    private static final Pattern STANDALONE = Pattern.compile("spark://[^:/]+:\\d+(,[^:/]+:\\d+)*");

    public SparkMaster {
        if (!LOCAL.matcher(url).matches() && !STANDALONE.matcher(url).matches() && !isOfAnotherSort(url)) {
            throw new InputException(
                    "--master: expected local[*], local[N] or spark://HOST:PORT, received '" + url + "'");
        }
        settings = Map.copyOf(settings);
    }

    private static boolean isOfAnotherSort(String url) {
        return url.startsWith("k8s://") || url.equals("yarn") || url.startsWith("local-cluster[");
    }

    /** Whether all of Spark is in this process. */
    public boolean isLocal() {
        return LOCAL.matcher(url).matches();
    }

    /**
     * Starts Spark, or takes what this process has of it already.
     *
     * @param name of the work, as Spark's pages show it
     * @throws FailureException if the cluster cannot be reached
     */
    public SparkSession open(String name) {
        return open(name, isLocal() ? Map.of() : Shipping.everything());
    }

    /** @param own settings of the work, over Jumbo's and below the user's */
    public SparkSession open(String name, Map<String, String> own) {
        Map<String, String> all = new TreeMap<>();
        all.put("spark.ui.enabled", "false");
        all.put("spark.ui.showConsoleProgress", "false");
        all.put("spark.sql.session.timeZone", "UTC");
        // Plans are cut in logs at 25 fields otherwise, with a warning.
        all.put("spark.sql.debug.maxToStringFields", "1000");
        all.put("spark.log.structuredLogging.enabled", "false");
        if (isLocal()) {
            // A laptop's name may lead elsewhere, or nowhere.
            all.put("spark.driver.host", "127.0.0.1");
            all.put("spark.driver.bindAddress", "127.0.0.1");
        }
        all.putAll(own);
        all.putAll(settings);
        SparkSession.Builder builder = SparkSession.builder().master(url).appName(name);
        all.forEach(builder::config);
        try {
            return builder.getOrCreate();
        } catch (RuntimeException e) {
            throw new FailureException("cannot start Spark at " + url + ": " + e.getMessage(), e);
        }
    }
}
