package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.config.YamlFile;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubmitTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\"b$(id)",
                "\"quoted\"",
                "a=b",
                "a\"b=c",
                "'x",
                "\"",
                "say \"a=b\" twice",
                "",
                "a,b",
                "\\\"",
                "\"a\"b=\"c"
            })
    void a_variable_keeps_its_value_whatever_quotes_it_has_and_nothing_is_warned_of(String value, @TempDir Path dir)
            throws Exception {
        Path yaml = Files.writeString(dir.resolve("run.yaml"), """
                data: {dataset: {table: {train: {csv: {path: t.csv}}, target: y}}}
                model: {layers: [{dense: 2}]}
                train: {epochs: 1}
                """);
        var warned = new ByteArrayOutputStream();
        PrintStream before = System.err;
        Command done;
        try {
            System.setErr(new PrintStream(warned, true, StandardCharsets.UTF_8));
            done = Command.run(
                    "submit",
                    yaml.toString(),
                    "--dry-run",
                    "--target",
                    "pytorchjob",
                    "--image",
                    "i",
                    "--env",
                    "MY=" + value);
        } finally {
            System.setErr(before);
        }
        assertThat(done.status()).as(done.err()).isZero();
        assertThat(done.err() + warned.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(values(done.out())).contains(value);
    }

    private static String values(String manifests) {
        StringBuilder found = new StringBuilder("|");
        for (String part : manifests.split("(?m)^---$")) {
            JsonNode tree = YamlFile.parse("manifest", part).tree();
            tree.findParents("value").stream()
                    .filter(node -> node.path("name").asText().equals("MY"))
                    .forEach(node -> found.append(node.path("value").asText()).append('|'));
        }
        return found.toString();
    }
}
