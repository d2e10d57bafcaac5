package dev.jumbo.spark.gang;

import dev.jumbo.dist.launch.ClusterLauncher;
import dev.jumbo.dist.launch.Restarts;
import dev.jumbo.dist.launch.WorkerProcess;
import dev.jumbo.spark.Shipping;
import dev.jumbo.spark.SparkMaster;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** {@code jumbo submit --master}: workers on the nodes of a Spark cluster. */
public final class SparkLauncher implements ClusterLauncher {
    /** Seconds until a node that does not answer counts as lost. */
    private static final int TIMEOUT = 30;

    /** How often Spark looks for places for all workers at once, a second apart. */
    private static final int BARRIER_LOOKS = 10;

    /** For {@link java.util.ServiceLoader}. */
    public SparkLauncher() {}

    @Override
    public void run(Job job) {
        SparkMaster master = new SparkMaster(job.master(), job.settings());
        String name = "jumbo " + job.worker().configuration().getFileName();
        SparkSession spark = master.open(name, settings(job));
        try (SparkGang gang = new SparkGang(spark, job)) {
            new Restarts(job.workers(), job.minWorkers(), job.maxRestarts(), job.checkpoint(), job.news())
                    .run(gang::attempt);
        } finally {
            spark.stop();
        }
    }

    private static Map<String, String> settings(Job job) {
        Map<String, String> settings = new HashMap<>(Shipping.of(SparkLauncher.class, WorkerProcess.class));
        int cpus = job.worker().cpus();
        // An executor for each worker, so that losing one loses no other; it only watches, and needs little memory.
        settings.put("spark.task.cpus", "" + cpus);
        settings.put("spark.executor.cores", "" + cpus);
        settings.put("spark.cores.max", "" + cpus * job.workers());
        settings.put("spark.executor.memory", "512m");
        settings.put("spark.dynamicAllocation.enabled", "false");
        settings.put("spark.speculation", "false");
        // Spark would start the stage from the beginning; the driver starts it from a checkpoint.
        settings.put("spark.task.maxFailures", "1");
        settings.put("spark.stage.maxConsecutiveAttempts", "1");
        settings.put("spark.task.reaper.enabled", "true");
        settings.put("spark.task.reaper.killTimeout", TIMEOUT + "s");
        settings.put("spark.network.timeout", TIMEOUT + "s");
        settings.put("spark.network.timeoutInterval", "5s");
        settings.put("spark.executor.heartbeatInterval", "5s");
        settings.put("spark.executor.heartbeat.maxFailures", "" + TIMEOUT / 5);
        // The launcher has waited for executors; a few looks more are for one that was lost just now.
        settings.put("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "1s");
        settings.put("spark.scheduler.barrier.maxConcurrentTasksCheck.maxFailures", "" + BARRIER_LOOKS);
        return settings;
    }
}
