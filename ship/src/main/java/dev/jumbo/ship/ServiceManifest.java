package dev.jumbo.ship;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.config.YamlText;
import dev.jumbo.error.InputException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a cluster runs the image of a bundle.
 *
 * @param name of all objects: small letters, digits and {@code -}, at most 42
 * @param namespace null for that of whoever applies them
 * @param image as the registry has it
 * @param replicas pods that answer at once
 * @param cpus of each
 * @param memory of each, as Kubernetes writes it
 * @param secret the name of a secret whose key {@code token} is what callers must send
 * @param graceSeconds how long a pod may take to answer what is in flight
 */
public record ServiceManifest(
        String name,
        @Nullable String namespace,
        String image,
        int replicas,
        int cpus,
        String memory,
        String secret,
        long graceSeconds) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PORT = 8080;
    private static final long USER = 1000;

    public ServiceManifest {
        require(name.matches("[a-z]([-a-z0-9]{0,40}[a-z0-9])?"), "--name", "small letters, digits and -", name);
        require(
                namespace == null || namespace.matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"),
                "--namespace",
                "small letters, digits and -",
                String.valueOf(namespace));
        require(
                secret.matches("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?"),
                "--token-secret",
                "a name of Kubernetes",
                secret);
        require(image.matches("[!-~]+"), "--image", "the image as the registry has it", image);
        require(replicas >= 1, "--replicas", "1 or more", replicas);
        require(cpus >= 1, "--cpus", "1 or more", cpus);
        require(memory.matches("\\d+(\\.\\d+)?([kMGT]i?)?"), "--memory", "a size as 2Gi", memory);
        require(graceSeconds >= 0, "--grace", "seconds of 0 or more", graceSeconds);
    }

    private static void require(boolean right, String option, String expected, Object received) {
        if (!right) {
            throw new InputException(option + ": expected " + expected + ", received " + received);
        }
    }

    /** A deployment, and a service before it. Rolling updates take a pod away after another is ready. */
    public String kubernetes() {
        Map<String, Object> labels = map("app.kubernetes.io/name", name);
        Map<String, Object> pod = map("metadata", map("labels", labels), "spec", pod(container("server")));
        Map<String, Object> strategy =
                map("type", "RollingUpdate", "rollingUpdate", map("maxUnavailable", 0, "maxSurge", 1));
        Map<String, Object> deployment = object("apps/v1", "Deployment");
        deployment.put(
                "spec",
                map(
                        "replicas",
                        replicas,
                        "selector",
                        map("matchLabels", labels),
                        "strategy",
                        strategy,
                        "template",
                        pod));
        Map<String, Object> service = object("v1", "Service");
        service.put(
                "spec",
                map("selector", labels, "ports", List.of(map("name", "http", "port", PORT, "targetPort", "http"))));
        return text(deployment) + "---\n" + text(service);
    }

    /** An {@code InferenceService} of KServe, which speaks the same protocol. */
    public String kserve() {
        Map<String, Object> predictor = pod(container("kserve-container"));
        predictor.put("minReplicas", replicas);
        Map<String, Object> service = object(
                "serving.kserve.io/v1beta1",
                "InferenceService",
                // Knative refuses ports by this name, a security context of a pod and its time to drain.
                map("serving.kserve.io/deploymentMode", "RawDeployment"));
        service.put("spec", map("predictor", predictor));
        return text(service);
    }

    private Map<String, Object> pod(Map<String, Object> container) {
        return map(
                // The drain, and what it takes until nobody sends to the pod any more.
                "terminationGracePeriodSeconds",
                graceSeconds + 10,
                "securityContext",
                map(
                        "runAsNonRoot",
                        true,
                        "runAsUser",
                        USER,
                        "runAsGroup",
                        USER,
                        "seccompProfile",
                        map("type", "RuntimeDefault")),
                "containers",
                List.of(container));
    }

    private Map<String, Object> container(String called) {
        Map<String, Object> resources = map("cpu", cpus, "memory", memory);
        return map(
                "name",
                called,
                "image",
                image,
                "ports",
                List.of(map("name", "http", "containerPort", PORT, "protocol", "TCP")),
                "env",
                List.of(
                        map(
                                "name",
                                "JUMBO_TOKEN",
                                "valueFrom",
                                map("secretKeyRef", map("name", secret, "key", "token"))),
                        map("name", "OMP_NUM_THREADS", "value", Integer.toString(cpus))),
                "resources",
                map("requests", resources, "limits", resources),
                // Loading and warming up may take its time; after that a pod that does not answer is of no use.
                "startupProbe",
                probe("/v2/health/ready", 2, 150),
                "readinessProbe",
                probe("/v2/health/ready", 2, 2),
                "livenessProbe",
                probe("/v2/health/live", 10, 3),
                "securityContext",
                map("allowPrivilegeEscalation", false, "capabilities", map("drop", List.of("ALL"))));
    }

    private static Map<String, Object> probe(String path, int seconds, int failures) {
        return map(
                "httpGet",
                map("path", path, "port", "http"),
                "periodSeconds",
                seconds,
                "timeoutSeconds",
                2,
                "failureThreshold",
                failures);
    }

    private Map<String, Object> object(String version, String kind) {
        return object(version, kind, map());
    }

    private Map<String, Object> object(String version, String kind, Map<String, Object> annotations) {
        Map<String, Object> metadata = map("name", name);
        if (namespace != null) {
            metadata.put("namespace", namespace);
        }
        if (!annotations.isEmpty()) {
            metadata.put("annotations", annotations);
        }
        return map("apiVersion", version, "kind", kind, "metadata", metadata);
    }

    private static String text(Map<String, Object> object) {
        return YamlText.yaml(JSON.valueToTree(object));
    }

    /** Keys and values in turn, in the order in which people read a manifest. */
    private static Map<String, Object> map(Object... entries) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < entries.length; i += 2) {
            map.put((String) entries[i], entries[i + 1]);
        }
        return map;
    }
}
