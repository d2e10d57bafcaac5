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
                object("kubeflow.org/v1", "PyTorchJob", job.name())
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
        Map<String, Object> mistakes =
                map().with("containerName", "worker").with("operator", "In").with("values", List.of(MISTAKE));
        Map<String, Object> indexed = map().with("completionMode", "Indexed")
                .with("parallelism", job.workers())
                .with("completions", job.workers())
                .with("backoffLimit", 0)
                .with(
                        "podFailurePolicy",
                        map().with(
                                        "rules",
                                        List.of(map().with("action", "FailJob").with("onExitCodes", mistakes))))
                .with("template", map().with("spec", pod));
        Map<String, Object> failure = map().with("maxRestarts", job.maxRestarts())
                .with(
                        "rules",
                        List.of(map().with("name", "mistakes")
                                .with("action", "FailJobSet")
                                .with("onJobFailureReasons", List.of("PodFailurePolicy"))));
        Map<String, Object> spec = map().with(
                        "network", map().with("enableDNSHostnames", true).with("publishNotReadyAddresses", true))
                .with("failurePolicy", failure)
                .with(
                        "replicatedJobs",
                        List.of(map().with("name", "worker")
                                .with("replicas", 1)
                                .with("template", map().with("spec", indexed))));
        return documents(
                job, object("jobset.x-k8s.io/v1alpha2", "JobSet", job.name()).with("spec", spec));
    }

    private static String documents(ClusterJob job, Map<String, Object> main) {
        Map<String, Object> file =
                object("v1", "ConfigMap", configMap(job)).with("data", map().with(FILE, job.configuration()));
        return YamlText.yaml(JSON.valueToTree(file)) + "---\n" + YamlText.yaml(JSON.valueToTree(main));
    }

    private static String configMap(ClusterJob job) {
        return job.name() + "-run";
    }

    private static Ordered podSpec(ClusterJob job, String container, Map<String, String> place) {
        if (job.resources().image() == null) {
            throw new InputException("expected --image, a container image with the jumbo command, found none");
        }
        if (job.workers() > 1 && job.resources().volume() == null) {
            throw new InputException("expected --volume, a claim that all " + job.workers()
                    + " workers can write to, found none: each would keep its run in a file system of its own");
        }
        List<String> command = new ArrayList<>(job.command());
        command.addAll(List.of("train", FOLDER + "/" + FILE, "--out", job.out(), "--resume"));
        List<Object> mounts =
                new ArrayList<>(List.of(map().with("name", "configuration").with("mountPath", FOLDER)));
        List<Object> volumes = new ArrayList<>(
                List.of(map().with("name", "configuration").with("configMap", map().with("name", configMap(job)))));
        if (job.resources().volume() != null) {
            mounts.add(
                    map().with("name", "runs").with("mountPath", job.resources().mount()));
            volumes.add(map().with("name", "runs")
                    .with(
                            "persistentVolumeClaim",
                            map().with("claimName", job.resources().volume())));
        }
        Map<String, String> variables = new LinkedHashMap<>(place);
        variables.put("OMP_NUM_THREADS", Integer.toString(job.resources().cpus()));
        variables.putAll(new TreeMap<>(job.environment()));
        List<Object> env = new ArrayList<>();
        variables.forEach((name, value) -> env.add(map().with("name", name).with("value", value)));
        return map().with(
                        "containers",
                        List.of(map().with("name", container)
                                .with("image", job.resources().image())
                                .with("command", command)
                                .with("env", env)
                                .with("resources", resources(job.resources()))
                                .with("volumeMounts", mounts)))
                .with("volumes", volumes);
    }

    private static Map<String, Object> resources(ClusterJob.Resources of) {
        Ordered limits = map().with("cpu", of.cpus()).with("memory", of.memory());
        if (of.gpus() > 0) {
            limits.put("nvidia.com/gpu", of.gpus());
        }
        return map().with("requests", limits).with("limits", limits);
    }

    private static Ordered object(String version, String kind, String name) {
        return map().with("apiVersion", version).with("kind", kind).with("metadata", map().with("name", name));
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
