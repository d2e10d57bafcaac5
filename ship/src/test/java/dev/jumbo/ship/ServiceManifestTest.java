package dev.jumbo.ship;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.config.YamlFile;
import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceManifestTest {
    private static final ServiceManifest MANIFEST =
            new ServiceManifest("digits", "models", "registry.example/digits:1", 2, 1, "2Gi", "digits-token", 30);

    private static List<JsonNode> documents(String text) {
        List<JsonNode> documents = new ArrayList<>();
        for (String document : text.split("(?m)^---\\n")) {
            documents.add(YamlFile.parse("manifest", document).tree());
        }
        return documents;
    }

    @Test
    void a_deployment_drains_probes_and_takes_its_token_from_a_secret() {
        List<JsonNode> documents = documents(MANIFEST.kubernetes());
        assertThat(documents).hasSize(2);
        JsonNode pod = documents.get(0).at("/spec/template/spec");
        JsonNode container = pod.at("/containers/0");
        assertThat(documents.get(0).at("/spec/replicas").asInt()).isEqualTo(2);
        assertThat(pod.path("terminationGracePeriodSeconds").asInt()).isGreaterThan(30);
        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/v2/health/ready");
        assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/v2/health/live");
        assertThat(container.at("/env/0/valueFrom/secretKeyRef/name").asText()).isEqualTo("digits-token");
        assertThat(documents.get(1).at("/spec/selector"))
                .isEqualTo(documents.get(0).at("/spec/selector/matchLabels"));
    }

    @Test
    void an_inference_service_has_the_container_that_kserve_expects() {
        JsonNode service = documents(MANIFEST.kserve()).get(0);
        assertThat(service.path("apiVersion").asText()).isEqualTo("serving.kserve.io/v1beta1");
        assertThat(service.at("/metadata/annotations/serving.kserve.io~1deploymentMode")
                        .asText())
                .isEqualTo("RawDeployment");
        assertThat(service.at("/metadata/namespace").asText()).isEqualTo("models");
        assertThat(service.at("/spec/predictor/minReplicas").asInt()).isEqualTo(2);
        assertThat(service.at("/spec/predictor/containers/0/name").asText()).isEqualTo("kserve-container");
        assertThat(service.at("/spec/predictor/containers/0/image").asText()).isEqualTo("registry.example/digits:1");
    }

    @Test
    void what_a_cluster_would_refuse_is_refused_here() {
        assertThatThrownBy(() -> new ServiceManifest("Digits", null, "x", 1, 1, "2Gi", "t", 30))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--name");
        assertThatThrownBy(() -> new ServiceManifest("digits", null, "x", 1, 1, "two", "t", 30))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--memory");
        assertThatThrownBy(() -> new ServiceManifest("digits", null, " ", 1, 1, "2Gi", "t", 30))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--image");
    }
}
