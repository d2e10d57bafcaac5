package dev.jumbo.dist.manifest;

import dev.jumbo.error.InputException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A training on a cluster, whatever its scheduler.
 *
 * @param name a DNS label: lower-case letters, digits and dashes
 * @param workers number of workers, 1 or more
 * @param configuration the whole configuration of the run, as YAML
 * @param command of a worker, up to the verb
 * @param arguments the configuration file and values over it, where workers share a file system with who submits
 * @param out the directory of the run, which all workers must see
 * @param resources of each worker
 * @param maxRestarts how often all workers start again after one was lost
 * @param environment variables besides those that name the rank
 */
public record ClusterJob(
        String name,
        int workers,
        String configuration,
        List<String> command,
        List<String> arguments,
        String out,
        Resources resources,
        int maxRestarts,
        Map<String, String> environment) {
    /** RFC 1123; the pods' names are longer by up to 20 characters and must fit 63. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,40}[a-z0-9])?");

    /**
     * What each worker gets.
     *
     * @param image of the container; null outside of Kubernetes
     * @param cpus whole processors
     * @param memory as Kubernetes writes it: {@code 8Gi}
     * @param gpus devices, 0 for none
     * @param volume a persistent volume claim that all workers share; null for none
     * @param mount where it appears
     * @param time limit as SLURM writes it, {@code 1-12:00:00}; null for the partition's own
     * @param partition of SLURM; null for the default one
     */
    public record Resources(
            @Nullable String image,
            int cpus,
            String memory,
            int gpus,
            @Nullable String volume,
            String mount,
            @Nullable String time,
            @Nullable String partition) {
        private static final Pattern MEMORY = Pattern.compile("[1-9]\\d*(Ki|Mi|Gi|Ti)");
        private static final Pattern WORD = Pattern.compile("[\\w.:/,@-]+");

        public Resources {
            require(cpus >= 1, "--cpus", "1 or more", cpus);
            require(gpus >= 0, "--gpus", "0 or more", gpus);
            require(MEMORY.matcher(memory).matches(), "--memory", "a size as 8Gi", memory);
            require(mount.startsWith("/"), "--mount", "an absolute path", mount);
            requireWord("--image", image);
            requireWord("--volume", volume);
            requireWord("--time", time);
            requireWord("--partition", partition);
        }

        private static void requireWord(String option, @Nullable String value) {
            require(value == null || WORD.matcher(value).matches(), option, "a name without blanks", value);
        }
    }

    public ClusterJob {
        command = List.copyOf(command);
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
        require(NAME.matcher(name).matches(), "--name", "up to 42 lower-case letters, digits and dashes", name);
        require(workers >= 1, "--workers", "1 or more", workers);
    }

    private static void require(boolean holds, String option, String expected, @Nullable Object received) {
        if (!holds) {
            throw new InputException(option + ": expected " + expected + ", received " + received);
        }
    }
}
