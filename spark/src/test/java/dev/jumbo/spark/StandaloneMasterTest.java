package dev.jumbo.spark;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class StandaloneMasterTest {
    @Test
    @Timeout(value = 30, unit = TimeUnit.SECONDS)
    void a_master_that_is_dead_has_a_verdict_at_once() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 0, InetAddress.getByName("127.0.0.1"))) {
            port = free.getLocalPort();
        }
        SparkMaster master = new SparkMaster("spark://127.0.0.1:" + port, Map.of());
        assertThatThrownBy(() -> master.open("test"))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("no Spark master at spark://127.0.0.1:" + port);
    }

    @Test
    void a_name_that_no_machine_has_is_the_callers_mistake() {
        SparkMaster master = new SparkMaster("spark://nobody.invalid:7077", Map.of());
        assertThatThrownBy(() -> master.open("test"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("nobody.invalid");
    }

    @Test
    void a_cluster_that_needs_a_module_of_spark_is_refused_before_anything_starts() {
        for (String url : new String[] {"yarn", "k8s://https://host:6443"}) {
            assertThatThrownBy(() -> new SparkMaster(url, Map.of()))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("'" + url + "'");
        }
    }
}
