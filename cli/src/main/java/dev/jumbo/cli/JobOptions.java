package dev.jumbo.cli;

import dev.jumbo.dist.manifest.Pod;
import dev.jumbo.dist.manifest.Resources;
import dev.jumbo.dist.manifest.SlurmSettings;
import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a worker gets, and what Kubernetes and SLURM are told besides. */
final class JobOptions {
    @Option(
            names = "--cpus",
            paramLabel = "N",
            description = "Processors of each worker (default: ${DEFAULT-VALUE}).",
            defaultValue = "1")
    private int cpus;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description = "Memory of each worker, as 8Gi or 1500M (default: ${DEFAULT-VALUE}).",
            defaultValue = "4Gi")
    private String memory = "4Gi";

    @Option(
            names = "--gpus",
            paramLabel = "N",
            description = "Devices of each worker: 0 or 1 (default: 1 where train.device is cuda).")
    private @Nullable Integer gpus;

    @Option(names = "--image", description = "Kubernetes: container image with the jumbo command, see Dockerfile.")
    private @Nullable String image;

    @Option(names = "--namespace", description = "Kubernetes: namespace of the job.")
    private @Nullable String namespace;

    @Option(
            names = "--run-as-user",
            paramLabel = "UID",
            description = "Kubernetes: user and group of the containers (default: ${DEFAULT-VALUE}).",
            defaultValue = "" + Pod.USER)
    private long user;

    @Option(
            names = "--volume",
            paramLabel = "CLAIM",
            description = "Kubernetes: persistent volume claim with the run directory.")
    private @Nullable String volume;

    @Option(
            names = "--mount",
            paramLabel = "PATH",
            description = "Where the volume appears (default: ${DEFAULT-VALUE}).",
            defaultValue = "/runs")
    private String mount = "/runs";

    @Option(
            names = "--data-volume",
            paramLabel = "CLAIM",
            description = "Kubernetes: persistent volume claim with the data, for reading alone.")
    private @Nullable String data;

    @Option(
            names = "--data-mount",
            paramLabel = "PATH",
            description = "Where the data appears (default: ${DEFAULT-VALUE}).",
            defaultValue = "/data")
    private String dataMount = "/data";

    @Option(
            names = "--image-pull-secret",
            paramLabel = "NAME",
            description = "Kubernetes: a secret that the registry of the image asks for. May be repeated.")
    private List<String> pullSecrets = new ArrayList<>();

    @Option(
            names = "--node-selector",
            paramLabel = "KEY=VALUE",
            description = "Kubernetes: a label that nodes must have. May be repeated.")
    private Map<String, String> nodeSelector = new LinkedHashMap<>();

    @Option(
            names = "--toleration",
            paramLabel = "TAINT",
            description =
                    "Kubernetes: a taint that nodes may have, as KEY, KEY=VALUE or KEY:NoSchedule. May be repeated.")
    private List<String> tolerations = new ArrayList<>();

    @Option(names = "--time", paramLabel = "D-HH:MM:SS", description = "SLURM: time limit.")
    private @Nullable String time;

    @Option(names = "--partition", paramLabel = "NAME", description = "SLURM: partition.")
    private @Nullable String partition;

    @Option(
            names = "--workers-per-node",
            paramLabel = "N",
            description = "SLURM: workers on each node, as torchrun's --nproc-per-node (default: ${DEFAULT-VALUE}).",
            defaultValue = "1")
    private int workersPerNode = 1;

    int cpus() {
        return cpus;
    }

    String mount() {
        return mount;
    }

    /** @param device where the configuration computes @throws InputException if it does not fit the devices asked for */
    Resources resources(String device) {
        boolean computesOnGpu = !device.equals("cpu");
        int each = gpus == null ? (computesOnGpu ? 1 : 0) : gpus;
        if (computesOnGpu && each == 0) {
            throw new InputException(
                    "--gpus: expected 1, since train.device is " + device + ", received 0; or set train.device=cpu");
        }
        Resources resources = new Resources(cpus, memory, each);
        if (!computesOnGpu && each > 0) {
            throw new InputException(
                    "--gpus: expected 0, since train.device is cpu and would leave them idle, received " + each
                            + "; or set train.device=cuda");
        }
        return resources;
    }

    Pod pod() {
        return new Pod(image, namespace, user, volume, mount, data, dataMount, pullSecrets, nodeSelector, tolerations);
    }

    SlurmSettings batch() {
        return new SlurmSettings(time, partition, workersPerNode);
    }
}
