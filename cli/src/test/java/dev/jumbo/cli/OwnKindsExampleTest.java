package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code examples/own_kinds}: a layer, a loss and a dataset in a jar of their own, as its user goes through it. */
@Timeout(600)
class OwnKindsExampleTest {
    private static final Path SOURCES = Path.of("../examples/own_kinds");
    private static final String YAML = SOURCES.resolve("spirals.yaml").toString();

    @TempDir
    private static Path directory;

    private static OwnJar own;
    private static Path run;

    @BeforeAll
    static void compile() throws Exception {
        own = OwnJar.compile(directory, "own.OwnKinds", List.of(SOURCES.resolve("OwnKinds.java")));
        run = directory.resolve("spirals");
        Command half = own.run("train", YAML, "--out", run.toString(), "--set", "train.epochs=10");
        assertThat(half.status()).as(half.err()).isZero();
    }

    @Test
    void it_trains_is_resumed_evaluated_and_served_from_a_file() throws Exception {
        assertThat(run.resolve("checkpoints/step-00000180")).exists();
        Command resumed = own.run("train", YAML, "--out", run.toString(), "--resume");
        assertThat(resumed.status()).as(resumed.err()).isZero();
        assertThat(run.resolve("checkpoints/step-00000360")).exists();

        Command evaluated = own.run("evaluate", run.toString(), "--json");
        assertThat(evaluated.status()).as(evaluated.err()).isZero();
        assertThat(new ObjectMapper()
                        .readTree(evaluated.out())
                        .findValue("accuracy")
                        .doubleValue())
                .isGreaterThan(0.9);

        Process server = OwnJar.command(List.of(own.jar()), "serve", run.toString(), "--port", "0")
                .redirectError(directory.resolve("serve.log").toFile())
                .start();
        try {
            // On the first arm, at the radius 0.8.
            String point = "[" + 0.8 * Math.cos(3.2) + ", " + 0.8 * Math.sin(3.2) + "]";
            String body = "{\"inputs\": [{\"name\": \"point\", \"shape\": [1, 2], \"datatype\": \"FP32\", \"data\": "
                    + point + "}]}";
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(address(server) + "/v2/models/spirals/infer"))
                                    .POST(HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(new ObjectMapper()
                            .readTree(answer.body())
                            .at("/outputs/0/data/0")
                            .doubleValue())
                    .isGreaterThan(0.5);
        } finally {
            server.destroy();
            server.waitFor();
        }
    }

    private static String address(Process server) throws Exception {
        Pattern where = Pattern.compile("serving on (http://\\S+?)/? ");
        while (true) {
            Matcher said = where.matcher(Files.readString(directory.resolve("serve.log")));
            if (said.find()) {
                return said.group(1);
            }
            assertThat(server.waitFor(50, TimeUnit.MILLISECONDS)).as("ended").isFalse();
        }
    }

    @Test
    void without_the_jar_a_file_or_a_run_says_what_is_missing_and_how_to_give_it() throws Exception {
        for (String[] arguments : new String[][] {
            {"train", YAML, "--out", directory.resolve("none").toString()},
            {"train", YAML, "--out", run.toString(), "--resume"},
            {"evaluate", run.toString()},
            {"serve", run.toString(), "--port", "0"}
        }) {
            Command refused = Command.run(arguments); // This process has no such jar.
            assertThat(refused.status()).as(refused.err()).isEqualTo(2);
            assertThat(refused.err())
                    .contains("unknown data_source \"spirals\"")
                    .contains("JUMBO_CLASS_PATH")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void two_jars_with_a_kind_of_one_name_are_refused_naming_both_classes() throws Exception {
        Path source = directory.resolve("Again.java");
        Files.writeString(source, """
                import dev.jumbo.config.Kind;
                import dev.jumbo.nn.*;
                import dev.jumbo.tensor.Shape;
                import java.util.*;

                public final class Again implements dev.jumbo.config.KindProvider {
                    public Collection<Class<?>> kinds() { return List.of(Other.class); }

                    @Kind("swish")
                    public record Other() implements UnaryLayer {
                        public Shape outputShape(Shape input) { return input; }
                        public long flops(Shape input) { return 0; }
                        public UnaryNetwork build(Shape input, Parameters into) { return (x, pass) -> x; }
                    }
                }
                """);
        OwnJar again = OwnJar.compile(Files.createDirectory(directory.resolve("again")), "Again", List.of(source));
        Command refused = OwnJar.run(List.of(own.jar(), again.jar()), "summary", YAML);
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err())
                .contains("two kinds of Layer are named \"swish\"")
                .contains("own.OwnKinds$Swish")
                .contains("Again$Other")
                .doesNotContain("\tat ");
    }

    @Test
    void a_kind_that_fails_is_one_line_with_its_name_class_and_jar() throws Exception {
        Path source = directory.resolve("Bad.java");
        Files.writeString(source, """
                import dev.jumbo.config.*;
                import dev.jumbo.nn.*;
                import dev.jumbo.tensor.Shape;
                import java.util.*;

                public final class Bad implements KindProvider {
                    public Collection<Class<?>> kinds() { return List.of(Thrower.class); }

                    @Kind("thrower")
                    public record Thrower(@Doc("Where.") String where) implements UnaryLayer {
                        public Shape outputShape(Shape input) {
                            if (where.equals("shape")) { throw new IllegalStateException("boom"); }
                            return where.equals("null") ? null : input;
                        }
                        public long flops(Shape input) { return 0; }
                        public UnaryNetwork build(Shape input, Parameters into) { return build(input, into); }
                    }
                }
                """);
        OwnJar bad = OwnJar.compile(Files.createDirectory(directory.resolve("bad")), "Bad", List.of(source));
        String kind = "jumbo: the kind \"thrower\" (Bad$Thrower of " + bad.jar() + ") ";
        assertThat(failed(bad, "shape")).startsWith(kind + "failed in outputShape: IllegalStateException: boom; ");
        assertThat(failed(bad, "null")).startsWith(kind + "gave null by outputShape: ");
        assertThat(failed(bad, "build")).startsWith(kind + "failed in build: StackOverflowError; ");
    }

    private static String failed(OwnJar bad, String where) throws Exception {
        Path yaml = Files.writeString(directory.resolve("bad.yaml"), """
                data: {dataset: digits}
                model: {layers: [flatten, {thrower: {where: '%s'}}, {dense: 10}]}
                """.formatted(where));
        Command failed = bad.run("summary", yaml.toString());
        assertThat(failed.status()).as(failed.err()).isEqualTo(1);
        assertThat(failed.err()).hasLineCount(1);
        return failed.err();
    }
}
