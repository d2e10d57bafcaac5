package dev.jumbo.dist.manifest;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.config.YamlText;
import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Manifests: a config map with the run's configuration, and the job whose pods are the workers. */
final class Kubernetes {
    private static final String FILE = "run.yaml";
    private static final String FOLDER = "/etc/jumbo";
    private static final int PORT = 29_500;
    /** What the caller did wrong stays wrong. */
    private static final int MISTAKE = 2;
    /** Where training stands is saved; the pod, or that of another worker, was told to end. */
    private static final int STOPPED = 143;

    private static final ObjectMapper JSON = new ObjectMapper();

    private Kubernetes() {}

    static String pyTorchJob(ClusterJob job) {
        Map<String, Object> replicas = new LinkedHashMap<>();
        replicas.put("Master", replica(job, 1));
        if (job.workers() > 1) {
            replicas.put("Worker", replica(job, job.workers() - 1));
        }
        return documents(
                job,
                object("kubeflow.org/v1", "PyTorchJob", job, job.name())
                        .with("spec", map().with("runPolicy", runPolicy(job)).with("pytorchReplicaSpecs", replicas)));
    }

    private static Map<String, Object> runPolicy(ClusterJob job) {
        return map().with("backoffLimit", backoffLimit(job)).with("cleanPodPolicy", "Running");
    }

    /**
     * The operator gives up when the restarts of all pods together reach the limit, and a lost worker restarts every pod:
     * those whose peer was lost end too.
     */
    private static int backoffLimit(ClusterJob job) {
        return job.maxRestarts() == 0 ? 0 : job.maxRestarts() * job.workers() + 1;
    }

    private static Map<String, Object> replica(ClusterJob job, int replicas) {
        // The operator requires a container of the name pytorch. Each pod starts again by itself: those whose peer was
        // lost end too, and all meet again.
        return map().with("replicas", replicas)
                .with("restartPolicy", "OnFailure")
                .with("template", map().with("spec", podSpec(job, "pytorch", Map.of())));
    }

    static String jobSet(ClusterJob job) {
        Map<String, String> place = new LinkedHashMap<>();
        // The first pod of the first job; Kubernetes sets JOB_COMPLETION_INDEX, which is the rank.
        place.put("MASTER_ADDR", job.name() + "-worker-0-0." + job.name());
        place.put("MASTER_PORT", Integer.toString(PORT));
        place.put("WORLD_SIZE", Integer.toString(job.workers()));
        Map<String, Object> pod = podSpec(job, "worker", place);
        pod.put("restartPolicy", "Never"); // A lost pod ends the job, and the set starts all of them again.
        Map<String, Object> indexed = map().with("completionMode", "Indexed")
                .with("parallelism", job.workers())
                .with("completions", job.workers())
                .with("backoffLimit", 0)
                .with("podFailurePolicy", map().with("rules", podRules()))
                .with("template", map().with("spec", pod));
        Map<String, Object> failure =
                map().with("maxRestarts", job.maxRestarts()).with("rules", setRules());
        Map<String, Object> spec = map().with(
                        "network", map().with("enableDNSHostnames", true).with("publishNotReadyAddresses", true))
                .with("failurePolicy", failure)
                .with(
                        "replicatedJobs",
                        List.of(map().with("name", "worker")
                                .with("replicas", 1)
                                .with("template", map().with("spec", indexed))));
        return documents(
                job,
                object("jobset.x-k8s.io/v1alpha2", "JobSet", job, job.name()).with("spec", spec));
    }

    /** Which ends of a pod the set is to know, in the order of the indices that the job's message gives: mistakes, disruptions. */
    private static List<Object> podRules() {
        return List.of(
                map().with("action", "FailJob").with("onExitCodes", exitCode(MISTAKE)),
                // Preemption, eviction, a drained node: Kubernetes says so in the pod's conditions.
                map().with("action", "FailJob")
                        .with(
                                "onPodConditions",
                                List.of(map().with("type", "DisruptionTarget").with("status", "True"))),
                // Workers that stop with a disrupted one are not disrupted themselves.
                map().with("action", "FailJob").with("onExitCodes", exitCode(STOPPED)));
    }

    private static Map<String, Object> exitCode(int status) {
        return map().with("containerName", "worker").with("operator", "In").with("values", List.of(status));
    }

    /** A mistake ends the set; a disruption starts it again and spends no restart; all else does and spends one. */
    private static List<Object> setRules() {
        return List.of(
                setRule("mistakes", "FailJobSet", "matching FailJob rule at index 0"),
                setRule("disruptions", "RestartJobSetAndIgnoreMaxRestarts", "matching FailJob rule at index [12]"));
    }

    private static Map<String, Object> setRule(String name, String action, String message) {
        return map().with("name", name)
                .with("action", action)
                .with("onJobFailureReasons", List.of("PodFailurePolicy"))
                .with("onJobFailureMessagePatterns", List.of(message));
    }

    private static String documents(ClusterJob job, Map<String, Object> main) {
        Map<String, Object> file =
                object("v1", "ConfigMap", job, configMap(job)).with("data", map().with(FILE, job.configuration()));
        return YamlText.yaml(JSON.valueToTree(file)) + "---\n" + YamlText.yaml(JSON.valueToTree(main));
    }

    private static String configMap(ClusterJob job) {
        return job.name() + "-run";
    }

    private static Ordered podSpec(ClusterJob job, String container, Map<String, String> place) {
        Pod pod = job.pod();
        if (pod.image() == null) {
            throw new InputException(
                    "expected --image, a container image with the jumbo command (the Dockerfile makes one),"
                            + " found none");
        }
        if (job.workers() > 1 && pod.volume() == null) {
            throw new InputException("expected --volume, a claim that all " + job.workers()
                    + " workers can write to, found none: each would keep its run in a file system of its own");
        }
        if (job.batch().workersPerNode() > 1) {
            throw new InputException("--workers-per-node: expected SLURM for more than 1, received "
                    + job.batch().workersPerNode()
                    + " for Kubernetes, where each worker is a pod with a device of its own"
                    + " and as many share a node as it has room for");
        }
        List<String> command = new ArrayList<>(job.command());
        command.addAll(List.of("train", FOLDER + "/" + FILE, "--out", job.out(), "--resume"));
        Volumes volumes = new Volumes();
        volumes.add("configuration", FOLDER, true, "configMap", map().with("name", configMap(job)));
        if (pod.volume() != null) {
            volumes.add("runs", pod.mount(), false, "persistentVolumeClaim", map().with("claimName", pod.volume()));
        }
        if (pod.data() != null) {
            volumes.add(
                    "data",
                    pod.dataMount(),
                    true,
                    "persistentVolumeClaim",
                    map().with("claimName", pod.data()).with("readOnly", true));
        }
        if (job.resources().gpus() > 0) {
            // NCCL talks through it, and 64 MB are what a container has otherwise.
            volumes.add("shared-memory", "/dev/shm", false, "emptyDir", map().with("medium", "Memory"));
        }
        Ordered spec = map();
        if (!pod.pullSecrets().isEmpty()) {
            spec.put(
                    "imagePullSecrets",
                    pod.pullSecrets().stream()
                            .map(name -> map().with("name", name))
                            .toList());
        }
        if (!pod.nodeSelector().isEmpty()) {
            spec.put("nodeSelector", pod.nodeSelector());
        }
        if (!pod.tolerations().isEmpty()) {
            spec.put(
                    "tolerations",
                    pod.tolerations().stream().map(Pod::toleration).toList());
        }
        return spec.with("terminationGracePeriodSeconds", job.secondsToEnd())
                .with("securityContext", podSecurity(pod))
                .with(
                        "containers",
                        List.of(map().with("name", container)
                                .with("image", pod.image())
                                .with("command", command)
                                .with("env", variables(job, place))
                                .with("resources", resources(job.resources()))
                                .with("securityContext", containerSecurity())
                                .with("volumeMounts", volumes.mounts)))
                .with("volumes", volumes.volumes);
    }

    private static List<Object> variables(ClusterJob job, Map<String, String> place) {
        Map<String, String> variables = new LinkedHashMap<>(place);
        variables.put("OMP_NUM_THREADS", Integer.toString(job.resources().cpus()));
        // The user has no home in the image: natives are unpacked and calibrations kept there.
        variables.put("HOME", "/tmp");
        variables.putAll(new TreeMap<>(job.environment()));
        List<Object> env = new ArrayList<>();
        variables.forEach((name, value) -> env.add(map().with("name", name).with("value", value)));
        return env;
    }

    /** What the level "restricted" of Kubernetes's pod security standards asks of a pod. */
    private static Ordered podSecurity(Pod pod) {
        return map().with("runAsNonRoot", true)
                .with("runAsUser", pod.user())
                .with("runAsGroup", pod.user())
                .with("fsGroup", pod.user())
                .with("seccompProfile", map().with("type", "RuntimeDefault"));
    }

    /** And of a container. */
    private static Ordered containerSecurity() {
        return map().with("allowPrivilegeEscalation", false).with("capabilities", map().with("drop", List.of("ALL")));
    }

    /** Each with its mount. */
    private static final class Volumes {
        private final List<Object> mounts = new ArrayList<>();
        private final List<Object> volumes = new ArrayList<>();

        private void add(String name, String path, boolean readOnly, String source, Ordered what) {
            Ordered mount = map().with("name", name).with("mountPath", path);
            if (readOnly) {
                mount.put("readOnly", true);
            }
            mounts.add(mount);
            volumes.add(map().with("name", name).with(source, what));
        }
    }

    private static Map<String, Object> resources(Resources of) {
        Ordered limits = map().with("cpu", of.cpus()).with("memory", of.memory());
        if (of.gpus() > 0) {
            limits.put("nvidia.com/gpu", of.gpus());
        }
        return map().with("requests", limits).with("limits", limits);
    }

    private static Ordered object(String version, String kind, ClusterJob job, String name) {
        Ordered metadata = map().with("name", name);
        if (job.pod().namespace() != null) {
            metadata.put("namespace", job.pod().namespace());
        }
        return map().with("apiVersion", version).with("kind", kind).with("metadata", metadata);
    }

    private static Ordered map() {
        return new Ordered();
    }

    /** A map that keeps the order in which people read a manifest. */
    private static final class Ordered extends LinkedHashMap<String, Object> {
        private static final long serialVersionUID = 1L;

        Ordered with(String key, Object value) {
            put(key, value);
            return this;
        }
    }
}
