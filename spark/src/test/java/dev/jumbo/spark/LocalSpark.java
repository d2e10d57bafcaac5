package dev.jumbo.spark;

import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Spark in this process, started by the first test that asks and shared by all; Spark itself stops it at the end. */
public final class LocalSpark {
    private static final Map<String, String> SMALL = Map.of(
            "spark.sql.shuffle.partitions", "2",
            "spark.default.parallelism", "2",
            "spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir"));

    private LocalSpark() {}

    /** On two threads, with two partitions after a shuffle. */
    public static SparkSession session() {
        return master().open("tests");
    }

    /** The master of {@link #session}: whatever opens it joins that session. */
    public static SparkMaster master() {
        return new SparkMaster("local[2]", SMALL);
    }
}
