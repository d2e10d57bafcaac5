package dev.jumbo.dist.manifest;

import static dev.jumbo.dist.manifest.ClusterJob.require;
import static dev.jumbo.dist.manifest.ClusterJob.requireWord;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What only Kubernetes is told.
 *
 * @param image of the container
 * @param namespace of all objects; null for that of whoever applies them
 * @param user id of the container's user and group, above 0: namespaces of the level "restricted" take no root
 * @param volume a persistent volume claim with the runs, that all workers share; null for none
 * @param mount where it appears
 * @param data a persistent volume claim with the data, mounted for reading alone; null for none
 * @param dataMount where it appears
 * @param pullSecrets names of the secrets that the image's registry asks for
 * @param nodeSelector labels that a node must have
 * @param tolerations taints that a node may have, as {@code KEY[=VALUE][:EFFECT]}, or {@code *} for all
 */
public record Pod(
        @Nullable String image,
        @Nullable String namespace,
        long user,
        @Nullable String volume,
        String mount,
        @Nullable String data,
        String dataMount,
        List<String> pullSecrets,
        Map<String, String> nodeSelector,
        List<String> tolerations) {
    /** The user of the image that the Dockerfile makes. */
    public static final long USER = 1000;

    private static final Pattern LABEL_KEY =
            Pattern.compile("([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
    private static final Pattern LABEL_VALUE = Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");
    private static final Pattern TOLERATION =
            Pattern.compile("([^=:]+)(?:=([^:]*))?(?::(NoSchedule|PreferNoSchedule|NoExecute))?");
    /** RFC 1123. */
    private static final Pattern SUBDOMAIN = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

    public Pod {
        pullSecrets = List.copyOf(pullSecrets);
        nodeSelector = new LinkedHashMap<>(nodeSelector);
        tolerations = List.copyOf(tolerations);
        requireWord("--image", image);
        requireName("--namespace", namespace);
        requireName("--volume", volume);
        requireName("--data-volume", data);
        pullSecrets.forEach(secret -> requireName("--image-pull-secret", secret));
        require(user > 0, "--run-as-user", "a number above 0, since restricted namespaces take no root", user);
        require(mount.startsWith("/"), "--mount", "an absolute path", mount);
        require(dataMount.startsWith("/"), "--data-mount", "an absolute path", dataMount);
        require(
                data == null || volume == null || !mount.equals(dataMount),
                "--data-mount",
                "another place than --mount",
                dataMount);
        nodeSelector.forEach((key, value) -> require(
                LABEL_KEY.matcher(key).matches() && LABEL_VALUE.matcher(value).matches(),
                "--node-selector",
                "a label as KEY=VALUE",
                key + "=" + value));
        tolerations.forEach(Pod::toleration);
    }

    /** With an image and a volume for the runs, and nothing else that is special. */
    public static Pod of(@Nullable String image, @Nullable String volume, String mount) {
        return new Pod(image, null, USER, volume, mount, null, "/data", List.of(), Map.of(), List.of());
    }

    @Override
    public Map<String, String> nodeSelector() {
        return new LinkedHashMap<>(nodeSelector);
    }

    /** The fields of a toleration. */
    static Map<String, Object> toleration(String text) {
        Map<String, Object> fields = new LinkedHashMap<>();
        if (text.equals("*")) {
            fields.put("operator", "Exists");
            return fields;
        }
        Matcher matcher = TOLERATION.matcher(text);
        boolean fits = matcher.matches()
                && LABEL_KEY.matcher(matcher.group(1)).matches()
                && (matcher.group(2) == null
                        || LABEL_VALUE.matcher(matcher.group(2)).matches());
        require(
                fits,
                "--toleration",
                "KEY, KEY=VALUE or either with :NoSchedule, :PreferNoSchedule or :NoExecute",
                text);
        fields.put("key", matcher.group(1));
        fields.put("operator", matcher.group(2) == null ? "Exists" : "Equal");
        if (matcher.group(2) != null) {
            fields.put("value", matcher.group(2));
        }
        if (matcher.group(3) != null) {
            fields.put("effect", matcher.group(3));
        }
        return fields;
    }

    private static void requireName(String option, @Nullable String value) {
        require(
                value == null || SUBDOMAIN.matcher(value).matches(),
                option,
                "a name of lower-case letters, digits, dashes and full stops",
                value);
    }
}
