package dev.jumbo.spark.gang;

import dev.jumbo.dist.launch.ClusterLauncher;
import dev.jumbo.dist.launch.WorkerProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The driver of {@link RingProgram}s, in a process of its own: Spark is there once in each. */
public final class SubmitProgram {
    private SubmitProgram() {}

    /** @param args the master, the configuration, the directory of the run and the number of workers */
    public static void main(String[] args) {
        new SparkLauncher()
                .run(new ClusterLauncher.Job(
                        args[0],
                        Map.of("spark.driver.host", "127.0.0.1", "spark.driver.bindAddress", "127.0.0.1"),
                        new ClusterLauncher.Worker(
                                RingProgram.class,
                                List.of("-Xmx64m", "-XX:+UseSerialGC"),
                                List.of(),
                                Path.of(args[1]),
                                List.of(args[2]),
                                Map.of(),
                                1,
                                null),
                        Path.of(args[2]),
                        Integer.parseInt(args[3]),
                        Integer.parseInt(args[3]),
                        3,
                        Optional::empty,
                        Lines::new,
                        System.out::println));
        System.exit(0);
    }

    private record Lines(int rank) implements WorkerProcess.Output {
        @Override
        public void out(String line) {
            System.out.println("[" + rank + "] " + line);
        }

        @Override
        public void err(String line) {
            System.out.println("[" + rank + " err] " + line);
        }
    }
}
