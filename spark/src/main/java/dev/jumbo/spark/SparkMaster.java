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
        if (!isHere(url)) {
            throw new InputException("--master: expected local[*], local[N] or spark://HOST:PORT, received '" + url
                    + "', for which Spark needs a module that is not on the class path (spark-yarn, spark-kubernetes): add it"
                    + " to the class path of a program of your own, or use Spark's own master");
        }
        settings = Map.copyOf(settings);
    }

    private static boolean isOfAnotherSort(String url) {
        return url.startsWith("k8s://") || url.equals("yarn") || url.startsWith("local-cluster[");
    }

    /** Whether Spark can start there at all: each manager of clusters is a jar of its own. */
    private static boolean isHere(String url) {
        if (url.equals("yarn")) {
            return has("org.apache.spark.scheduler.cluster.YarnClusterManager");
        }
        return !url.startsWith("k8s://") || has("org.apache.spark.scheduler.cluster.k8s.KubernetesClusterManager");
    }

    private static boolean has(String type) {
        try {
            Class.forName(type, false, SparkMaster.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
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
        SparkSession session = open(name, isLocal() ? Map.of() : Shipping.everything());
        if (STANDALONE.matcher(url).matches()) {
            StandaloneMaster.awaitExecutor(session, url);
        }
        return session;
    }

    /** @param own settings of the work, over Jumbo's and below the user's */
    public SparkSession open(String name, Map<String, String> own) {
        if (STANDALONE.matcher(url).matches()) {
            StandaloneMaster.check(url); // Before anything of Spark is loaded.
        }
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
        SparkSession session = isLocal() ? started(builder) : StandaloneMaster.inTime(url, () -> started(builder));
        if (session.sparkContext().isStopped()) {
            throw new FailureException(StandaloneMaster.silent(url));
        }
        return session;
    }

    private SparkSession started(SparkSession.Builder builder) {
        try {
            return builder.getOrCreate();
        } catch (Exception e) { // Spark throws exceptions that Scala does not declare.
            throw new FailureException("cannot start Spark at " + url + ": " + e.getMessage(), e);
        }
    }
}
