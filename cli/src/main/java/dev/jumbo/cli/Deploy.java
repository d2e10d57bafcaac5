package dev.jumbo.cli;

import dev.jumbo.error.InputException;
import dev.jumbo.ship.ServiceManifest;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jumbo deploy}: what a cluster is given to run the image of {@code jumbo package}. */
@Command(
        name = "deploy",
        description = "Print what Kubernetes or KServe is given to serve the image of a run (jumbo package --image).")
final class Deploy extends Verb {
    /** Whom the manifests are for. */
    enum Target {
        /** A deployment and a service. */
        KUBERNETES,
        /** An InferenceService. */
        KSERVE
    }

    @Parameters(index = "0", paramLabel = "RUN", description = "The directory of a run.")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path run;

    @Option(
            names = "--dry-run",
            description = "Print the manifests; nothing is sent: jumbo deploy ... | kubectl apply -f -")
    private boolean dryRun;

    @Option(names = "--target", paramLabel = "NAME", description = "kubernetes or kserve.", required = true)
    private Target target = Target.KUBERNETES;

    @Option(
            names = "--image",
            paramLabel = "NAME",
            description = "The image, as the cluster's registry has it.",
            required = true)
    private String image = "";

    @Option(names = "--name", description = "Name of the service; the run's if not given.")
    private @Nullable String name;

    @Option(names = "--namespace", description = "Namespace of the objects.")
    private @Nullable String namespace;

    @Option(
            names = "--replicas",
            paramLabel = "N",
            description = "Pods (default: ${DEFAULT-VALUE}).",
            defaultValue = "1")
    private int replicas = 1;

    @Option(
            names = "--cpus",
            paramLabel = "N",
            description = "Processors of a pod (default: ${DEFAULT-VALUE}).",
            defaultValue = "1")
    private int cpus = 1;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description = "Memory of a pod (default: ${DEFAULT-VALUE}).",
            defaultValue = "2Gi")
    private String memory = "2Gi";

    @Option(
            names = "--token-secret",
            paramLabel = "NAME",
            description = "A secret whose key token callers must send; the service's name with -token if not given.")
    private @Nullable String secret;

    @Override
    void run() {
        if (!dryRun) {
            throw new InputException(
                    "expected --dry-run: the manifests are printed, and kubectl apply -f - sends them");
        }
        RunConfig config = RunFolder.open(run, List.of()).config();
        String called = name == null ? service(Serve.modelName(run)) : name;
        ServiceManifest manifest = new ServiceManifest(
                called, namespace, image, replicas, cpus, memory, secret == null ? called + "-token" : secret, (long)
                        Math.ceil(config.serve().drainSeconds()));
        out().print(target == Target.KSERVE ? manifest.kserve() : manifest.kubernetes());
    }

    private static String service(String model) {
        String name =
                model.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^[^a-z]+|-+$", "");
        return name.isEmpty()
                ? "model"
                : name.substring(0, Math.min(42, name.length())).replaceAll("-+$", "");
    }
}
