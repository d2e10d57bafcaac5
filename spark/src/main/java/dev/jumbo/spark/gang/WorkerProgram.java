package dev.jumbo.spark.gang;

import dev.jumbo.dist.launch.WorkerProcess;
import dev.jumbo.error.FailureException;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.SparkFiles;
import org.jspecify.annotations.Nullable;

/**
 * What travels to a node so that it can start a worker.
 *
 * @param options of the JVM, which is the executor's own
 * @param classPath the driver's, or that of Jumbo on the nodes; entries that a node lacks come by Spark's files
 * @param main the worker's class
 * @param before the arguments before the configuration file
 * @param fileName of the configuration
 * @param file its content
 * @param after the arguments after the configuration file
 * @param environment over the executor's own
 * @param directory to work in, where it exists: relative paths in the configuration are below it
 */
record WorkerProgram(
        List<String> options,
        List<String> classPath,
        String main,
        List<String> before,
        String fileName,
        String file,
        List<String> after,
        Map<String, String> environment,
        String directory)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    /** A worker and the directory of its configuration, which goes when the worker does. */
    record Started(WorkerProcess worker, Path files) implements AutoCloseable {
        @Override
        public void close() {
            worker.close();
            try (var entries = Files.list(files)) {
                for (Path each : entries.toList()) {
                    Files.delete(each);
                }
                Files.delete(files);
            } catch (IOException e) {
                throw new FailureException("cannot delete " + files + ": " + e, e);
            }
        }
    }

    /** Starts it on this node. @param place the variables of its rank */
    Started start(Map<String, String> place, WorkerProcess.Output output) {
        try {
            Path files = Files.createTempDirectory("jumbo-worker-");
            Path configuration = Files.writeString(files.resolve(fileName), file);
            Map<String, String> all = new HashMap<>(place);
            all.putAll(environment);
            Path work = Path.of(directory);
            @Nullable Path existing = Files.isDirectory(work) ? work : null;
            return new Started(WorkerProcess.start(command(configuration), all, existing, output), files);
        } catch (IOException e) {
            throw new FailureException("cannot write the configuration on this node: " + e, e);
        }
    }

    private List<String> command(Path configuration) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-cp");
        command.add(classPath.stream().map(WorkerProgram::here).collect(Collectors.joining(File.pathSeparator)));
        command.add(main);
        command.addAll(before);
        command.add(configuration.toString());
        command.addAll(after);
        return command;
    }

    /** An entry of the class path on this node. */
    private static String here(String entry) {
        Path path = Path.of(entry);
        return Files.exists(path) ? entry : SparkFiles.get(path.getFileName().toString());
    }
}
