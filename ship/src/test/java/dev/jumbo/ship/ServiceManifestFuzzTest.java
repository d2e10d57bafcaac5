package dev.jumbo.ship;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.config.YamlFile;
import dev.jumbo.error.InputException;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.fuzz.Untrusted;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** What a manifest is made of: any text is refused, or stands in the YAML as it was given, where it belongs. */
class ServiceManifestFuzzTest {
    private static final Untrusted UNTRUSTED = Untrusted.refusedBy(InputException.class);

    /** A line each: name, namespace, image, memory, secret, seconds. */
    @Fuzzed
    void manifest(byte[] data) {
        List<String> lines = Arrays.asList(new String(data, StandardCharsets.UTF_8).split("\n", 6));
        String name = at(lines, 0, "digits");
        String namespace = at(lines, 1, "models");
        String image = at(lines, 2, "registry.example/digits:1").replace('\u0001', '\n');
        String memory = at(lines, 3, "2Gi");
        String secret = at(lines, 4, "digits-token");
        long seconds = at(lines, 5, "30").hashCode();
        ServiceManifest manifest = UNTRUSTED
                .parse(data, () -> new ServiceManifest(name, namespace, image, 2, 1, memory, secret, seconds))
                .orElse(null);
        if (manifest == null) {
            return;
        }
        String[] documents = manifest.kubernetes().split("\n---\n|^---\n", -1);
        assertThat(documents).hasSize(2);
        JsonNode deployment = YamlFile.parse("deployment", documents[0]).tree();
        require(deployment.at("/spec/template/spec"), image, memory, secret, seconds);
        assertThat(deployment.at("/metadata/name").asText()).isEqualTo(name);
        assertThat(deployment.at("/metadata/namespace").asText()).isEqualTo(namespace);
        assertThat(YamlFile.parse("service", documents[1])
                        .tree()
                        .at("/metadata/name")
                        .asText())
                .isEqualTo(name);
        require(
                YamlFile.parse("kserve", manifest.kserve()).tree().at("/spec/predictor"),
                image,
                memory,
                secret,
                seconds);
    }

    private static void require(JsonNode pod, String image, String memory, String secret, long seconds) {
        JsonNode container = pod.at("/containers/0");
        assertThat(container.path("image").isTextual()).isTrue();
        assertThat(container.path("image").asText()).isEqualTo(image);
        assertThat(container.at("/resources/limits/memory").asText()).isEqualTo(memory);
        assertThat(container.at("/resources/limits/memory").isTextual()).isTrue();
        assertThat(container.at("/env/0/valueFrom/secretKeyRef/name").isTextual())
                .isTrue();
        assertThat(container.at("/env/0/valueFrom/secretKeyRef/name").asText()).isEqualTo(secret);
        assertThat(pod.path("terminationGracePeriodSeconds").asLong()).isEqualTo(seconds + 10);
    }

    private static String at(List<String> lines, int line, String otherwise) {
        return line < lines.size() && !lines.get(line).isEmpty() ? lines.get(line) : otherwise;
    }
}
