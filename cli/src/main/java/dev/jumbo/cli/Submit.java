package dev.jumbo.cli;

import dev.jumbo.dist.manifest.ClusterJob;
import dev.jumbo.dist.manifest.Scheduler;
import dev.jumbo.error.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jumbo submit}: training on the machines of a cluster. */
@Command(name = "submit", description = "Train on the machines of a cluster.")
final class Submit extends Verb {
    @Mixin
    private ConfigurationOptions configuration = new ConfigurationOptions();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Directory of the run, which all workers must see; runs/NAME of the file if not given.")
    private @Nullable Path out;

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "Number of workers (default: ${DEFAULT-VALUE}).",
            defaultValue = "1")
    private int workers = 1;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description =
                    "With --master, a directory of the nodes that has Jumbo's jars; not needed where Jumbo is at the"
                            + " same place as here, or may travel by Spark.")
    private @Nullable Path home;

    @Option(
            names = "--resume",
            description = "With --master, go on from the newest checkpoint of the directory, if there is one.")
    private boolean resume;

    @Option(names = "--json", description = "With --master, print the result as one JSON object.")
    private boolean json;

    @Option(names = "--dry-run", description = "Print what the scheduler that --target names would be given.")
    private boolean dryRun;

    @Option(
            names = "--target",
            paramLabel = "NAME",
            description =
                    "pytorchjob (Kubernetes with Kubeflow's training operator), jobset (Kubernetes with JobSet) or"
                            + " sbatch (SLURM).")
    private @Nullable Scheduler target;

    @Option(names = "--name", description = "Name of the job; that of the file if not given.")
    private @Nullable String name;

    @Option(
            names = "--command",
            paramLabel = "PROGRAM",
            description = "The jumbo command on the workers' machines (default: ${DEFAULT-VALUE}).",
            defaultValue = "jumbo")
    private String command = "jumbo";

    @Mixin
    private JobOptions options = new JobOptions();

    @Option(
            names = "--env",
            paramLabel = "KEY=VALUE",
            description =
                    "A variable of the workers' environment, as in --env GLOO_SOCKET_IFNAME=eth0. May be repeated.")
    private Map<String, String> environment = new LinkedHashMap<>();

    @Override
    void run() {
        String master = cluster.master();
        if (master != null && !dryRun) {
            trainOn(master);
            return;
        }
        if (!dryRun || target == null) {
            throw new InputException(
                    "expected --master spark://HOST:PORT, or --dry-run with --target pytorchjob, jobset"
                            + " or sbatch, received " + (dryRun ? "--dry-run alone" : "neither"));
        }
        RunConfig config = configuration.read();
        Worker.requirePossible(workers, config);
        out().print(target.render(job(config)));
    }

    private void trainOn(String master) {
        RunConfig config = configuration.read();
        Worker.requirePossible(workers, config);
        Path directory = (out == null ? configuration.defaultOut() : out)
                .toAbsolutePath()
                .normalize();
        // Here already, and not by every worker.
        RunFolder.create(directory, config, resume);
        List<String> more = new ArrayList<>();
        if (json) {
            more.add("--json");
        }
        if (isVerbose()) {
            more.add("--verbose");
        }
        new ClusterWorkers(directory, configuration.settings(), more, environment, options.cpus(), home)
                .train(
                        this,
                        configuration.file(),
                        cluster,
                        master,
                        workers,
                        config.train().distributed());
    }

    private ClusterJob job(RunConfig config) {
        String named = name == null ? nameOf(configuration.defaultOut()) : name;
        boolean isSlurm = target == Scheduler.SBATCH;
        String directory = out != null
                ? out.toString()
                : isSlurm ? configuration.defaultOut().toString() : options.mount() + "/" + named;
        return new ClusterJob(
                named,
                workers,
                config.yaml(),
                List.of(command),
                configuration.arguments(),
                directory,
                options.resources(config.train().device()),
                options.pod(),
                options.batch(),
                config.train().distributed().maxRestarts(),
                environment,
                config.train().checkpoints().graceSeconds());
    }

    /** A file's name as schedulers accept one: the first a letter, at most 42. */
    private static String nameOf(Path path) {
        String words = path.getFileName()
                .toString()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-+", "");
        String named = words.matches("[a-z].*") ? words : "run-" + words;
        return named.substring(0, Math.min(named.length(), 42)).replaceAll("-+$", "");
    }
}
