package dev.jumbo.dist.manifest;

import dev.jumbo.error.InputException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A training on a cluster, whatever its scheduler.
 *
 * @param name a DNS label: lower-case letters, digits and dashes, the first a letter
 * @param workers number of workers, 1 or more
 * @param configuration the whole configuration of the run, as YAML
 * @param command of a worker, up to the verb
 * @param arguments the configuration file and values over it, where workers share a file system with who submits
 * @param out the directory of the run, which all workers must see
 * @param resources of each worker
 * @param pod what only Kubernetes is told
 * @param batch what only SLURM is told
 * @param maxRestarts how often all workers start again after one was lost
 * @param environment variables besides those that name the rank
 * @param graceSeconds how long workers may take to save when they are told to end ({@code checkpoints.grace_seconds})
 */
public record ClusterJob(
        String name,
        int workers,
        String configuration,
        List<String> command,
        List<String> arguments,
        String out,
        Resources resources,
        Pod pod,
        SlurmSettings batch,
        int maxRestarts,
        Map<String, String> environment,
        int graceSeconds) {
    private static final int GRACE_SECONDS = 60;

    /** Of an end, besides the grace in which training saves: for the JVM's own. */
    private static final int MORE_SECONDS = 30;

    /** RFC 1035, as names of services are; the pods' names are longer by up to 20 characters and must fit 63. */
    private static final Pattern NAME = Pattern.compile("[a-z]([-a-z0-9]{0,40}[a-z0-9])?");

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern WORD = Pattern.compile("[\\w.:/,@-]+");

    public ClusterJob {
        command = List.copyOf(command);
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
        require(
                NAME.matcher(name).matches(),
                "--name",
                "up to 42 lower-case letters, digits and dashes, the first a letter",
                name);
        require(workers >= 1, "--workers", "1 or more", workers);
        require(
                workers % batch.workersPerNode() == 0,
                "--workers",
                "a multiple of --workers-per-node " + batch.workersPerNode(),
                workers);
        environment
                .keySet()
                .forEach(each -> require(
                        VARIABLE.matcher(each).matches(), "--env", "the name of a variable, as in KEY=VALUE", each));
    }

    /** With the default grace. */
    public ClusterJob(
            String name,
            int workers,
            String configuration,
            List<String> command,
            List<String> arguments,
            String out,
            Resources resources,
            Pod pod,
            SlurmSettings batch,
            int maxRestarts,
            Map<String, String> environment) {
        this(
                name,
                workers,
                configuration,
                command,
                arguments,
                out,
                resources,
                pod,
                batch,
                maxRestarts,
                environment,
                GRACE_SECONDS);
    }

    /** Seconds between the signal to end and the end by force. */
    int secondsToEnd() {
        return graceSeconds + MORE_SECONDS;
    }

    static void requireWord(String option, @Nullable String value) {
        require(value == null || WORD.matcher(value).matches(), option, "a name without blanks", value);
    }

    static void require(boolean holds, String option, String expected, @Nullable Object received) {
        if (!holds) {
            throw new InputException(option + ": expected " + expected + ", received " + received);
        }
    }
}
