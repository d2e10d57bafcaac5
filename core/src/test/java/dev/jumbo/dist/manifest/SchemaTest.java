package dev.jumbo.dist.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Every field of a manifest against what the custom resource definitions allow: names, types, what is required. The files
 * beside say from which version they were taken. A server prunes unknown fields without a word, or refuses them.
 */
class SchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Options of {@code sbatch} by its manual page, as far as a training may need them. */
    private static final Set<String> SBATCH = Set.of(
            "account",
            "constraint",
            "cpus-per-task",
            "exclusive",
            "gpus-per-task",
            "job-name",
            "mem",
            "nodes",
            "ntasks",
            "ntasks-per-node",
            "open-mode",
            "output",
            "partition",
            "qos",
            "requeue",
            "signal",
            "time");

    private static ClusterJob job(int workers) {
        return new ClusterJob(
                "digits",
                workers,
                "train: {epochs: 3}\n",
                List.of("jumbo"),
                List.of("digits.yaml"),
                "/runs/digits",
                new Resources(4, "8Gi", 1),
                new Pod(
                        "registry/jumbo:1",
                        "team",
                        1000,
                        "claim",
                        "/runs",
                        "data",
                        "/data",
                        List.of("key"),
                        Map.of("disk", "ssd"),
                        List.of("gpu=yes:NoSchedule")),
                new SlurmSettings("1-00:00:00", "gpu", 1),
                3,
                Map.of("GLOO_SOCKET_IFNAME", "eth0"));
    }

    private static JsonNode yaml(String text, int document) {
        List<JsonNode> documents = new ArrayList<>();
        new Yaml(new SafeConstructor(new LoaderOptions()))
                .loadAll(text)
                .forEach(each -> documents.add(JSON.valueToTree(each)));
        return documents.get(document);
    }

    private static JsonNode schema(String name) throws IOException {
        return yaml(Files.readString(Path.of("src/test/resources/manifest", name + ".yaml")), 0);
    }

    private static List<String> mistakes(Scheduler target, JsonNode manifest) throws IOException {
        List<String> mistakes = new ArrayList<>();
        check(schema(target.name().toLowerCase(Locale.ROOT)), manifest, "", mistakes);
        return mistakes;
    }

    private static void check(JsonNode schema, JsonNode value, String at, List<String> mistakes) throws IOException {
        if (schema.isTextual()) {
            String type = schema.textValue();
            if (type.equals("POD")) {
                check(schema("pod"), value, at, mistakes);
            } else if (!fits(type, value)) {
                mistakes.add(at + ": expected " + type + ", received " + value);
            }
        } else if (schema.isArray()) {
            if (!value.isArray()) {
                mistakes.add(at + ": expected a list, received " + value);
            }
            for (JsonNode element : value) {
                check(schema.get(0), element, at + "[]", mistakes);
            }
        } else if (!value.isObject()) {
            mistakes.add(at + ": expected an object, received " + value);
        } else {
            object(schema, value, at, mistakes);
        }
    }

    private static void object(JsonNode schema, JsonNode value, String at, List<String> mistakes) throws IOException {
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            String name = field.getKey();
            JsonNode type = schema.has(name) ? schema.get(name) : schema.get(name + "!");
            type = type == null ? schema.get("*") : type;
            if (type == null) {
                mistakes.add(at + "/" + name + ": no such field");
            } else {
                check(type, field.getValue(), at + "/" + name, mistakes);
            }
        }
        schema.fieldNames().forEachRemaining(name -> {
            if (name.endsWith("!") && !value.has(name.substring(0, name.length() - 1))) {
                mistakes.add(at + "/" + name + ": it is required");
            }
        });
    }

    private static boolean fits(String type, JsonNode value) {
        return switch (type) {
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "boolean" -> value.isBoolean();
            case "quantity" ->
                value.isIntegralNumber() || value.asText().matches("[0-9]+(\\.[0-9]+)?([kMGTPE]|[KMGTPE]i|m)?");
            default -> value.isTextual() && List.of(type.split("\\|")).contains(value.textValue());
        };
    }

    @ParameterizedTest
    @EnumSource(
            value = Scheduler.class,
            names = {"JOBSET", "PYTORCHJOB"})
    void every_field_of_a_manifest_is_one_of_its_definition(Scheduler target) throws IOException {
        for (int workers : List.of(1, 4)) {
            assertThat(mistakes(target, yaml(target.render(job(workers)), 1))).isEmpty();
        }
        JsonNode file = yaml(target.render(job(2)), 0);
        assertThat(file.get("apiVersion").asText()).isEqualTo("v1");
        assertThat(file.get("data")).allMatch(JsonNode::isTextual);
    }

    /** The check itself: a misspelt name, another type, another word, and something left out. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "/spec/failurePolicy;maxRestart;3;/spec/failurePolicy/maxRestart: no such field",
                "/spec/network;enableDNSHostnames;1;enableDNSHostnames: expected boolean",
                "/spec/replicatedJobs/0/template/spec;completionMode;\"indexed\";expected NonIndexed|Indexed",
                "/spec/replicatedJobs/0/template/spec/template;spec;{};containers!: it is required",
            })
    void a_wrong_field_is_found(String at, String name, String value, String expected) throws IOException {
        JsonNode manifest = yaml(Scheduler.JOBSET.render(job(2)), 1);
        ((ObjectNode) manifest.at(at)).set(name, JSON.readTree(value));
        assertThat(mistakes(Scheduler.JOBSET, manifest))
                .singleElement()
                .asString()
                .contains(expected);
    }

    @Test
    void every_option_of_a_batch_script_is_one_of_sbatch() {
        List<String> lines = Scheduler.SBATCH
                .render(job(2))
                .lines()
                .filter(line -> line.startsWith("#SBATCH "))
                .toList();
        assertThat(lines).hasSize(13).allMatch(line -> line.matches("#SBATCH --[a-z-]+(=\\S+)?"));
        assertThat(lines.stream()
                        .map(line -> line.substring("#SBATCH --".length()).replaceAll("=.*", ""))
                        .collect(Collectors.toSet()))
                .hasSize(13)
                .isSubsetOf(SBATCH);
        // Times are [days-]hours:minutes:seconds, memory a number with K, M, G or T.
        assertThat(lines).contains("#SBATCH --time=1-00:00:00", "#SBATCH --mem=8G");
    }
}
