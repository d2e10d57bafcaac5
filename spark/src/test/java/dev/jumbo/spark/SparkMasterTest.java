package dev.jumbo.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.launcher.JavaModuleOptions;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkMasterTest {
    @Test
    void a_query_runs_in_this_process_with_our_versions_of_the_libraries(@TempDir Path dir) {
        SparkSession spark = LocalSpark.session();
        String file = dir.resolve("numbers").toString();
        spark.range(100).selectExpr("id", "id % 7 AS day").write().parquet(file);
        List<Long> sums = spark.read()
                .parquet(file)
                .groupBy("day")
                .sum("id")
                .orderBy("day")
                .select("sum(id)")
                .as(Encoders.LONG())
                .collectAsList();
        assertThat(sums).hasSize(7).startsWith(735L);
        assertThat(sums.stream().mapToLong(Long::longValue).sum()).isEqualTo(4950);
    }

    @Test
    void the_jvm_has_every_option_that_spark_asks_for() {
        List<String> asked = List.of(JavaModuleOptions.defaultModuleOptions().split(" "));
        assertThat(ManagementFactory.getRuntimeMXBean().getInputArguments())
                // Vectors of the incubator are for Spark's linear algebra, and announce themselves on every start.
                .containsAll(
                        asked.stream().filter(o -> !o.contains("incubator")).toList());
    }

    @Test
    void a_master_that_spark_does_not_know_is_refused() {
        for (String url : List.of("", "locl[2]", "local[two]", "spark://host", "http://host:7077")) {
            assertThatThrownBy(() -> new SparkMaster(url, Map.of()))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("'" + url + "'");
        }
        assertThat(new SparkMaster("local[*]", Map.of()).isLocal()).isTrue();
        assertThat(new SparkMaster("spark://a:7077,b:7077", Map.of()).isLocal()).isFalse();
    }

    @Test
    void executors_get_our_jars_and_neither_sparks_nor_libtorch() {
        String jars = Shipping.everything().getOrDefault("spark.jars", "");
        assertThat(jars).contains("jsoup", "brotli").doesNotContain("spark-core", "scala-library", "bytedeco");
    }
}
