package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.serve.ModelServer;
import dev.jumbo.serve.ServerConfig;
import dev.jumbo.serve.access.Token;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.answer.Prediction;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What goes into {@code predict} and the server for a table, and what comes out. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PredictTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Path dir;

    private Predictor predictor;
    private ModelServer server;

    @BeforeAll
    void train(@TempDir Path temporary) throws IOException {
        dir = temporary;
        List<String> lines = new ArrayList<>(List.of("id,size,kind,open,left"));
        for (int i = 0; i < 90; i++) {
            boolean left = i % 3 == 0;
            lines.add(i + "," + (left ? 20 + i % 7 : 2 + i % 5) + "," + (i % 2 == 0 ? "a" : "b") + ","
                    + (i % 5 == 0 ? "yes" : "no") + "," + (left ? "gone" : "here"));
        }
        Files.write(dir.resolve("train.csv"), lines);
        Path yaml = Files.writeString(dir.resolve("run.yaml"), """
                data:
                  dataset:
                    table:
                      train: {csv: {path: %s}}
                      target: left
                      columns: {id: ignore, open: boolean}
                model: {layers: [{dense: 2}]}
                train: {epochs: 20, batch_size: 16, learning_rate: 0.05, seed: 1}
                """.formatted(dir.resolve("train.csv")));
        Command done = Command.run("train", yaml.toString(), "--out", run());
        assertThat(done.status()).as(done.err()).isZero();
        predictor = Predictor.of(Checkpoint.best(Path.of(run())));
        server = ModelServer.start(ServerConfig.local(0), Token.NONE, Serve.served("m", predictor));
    }

    @AfterAll
    void stop() {
        server.close();
        predictor.close();
    }

    private String run() {
        return dir.resolve("run").toString();
    }

    @Test
    void a_table_comes_out_with_the_columns_to_keep_and_all_probabilities() throws Exception {
        Path in = Files.writeString(dir.resolve("in.csv"), "kind,id,size,open,note\na,7,25,yes,\"x, y\"\nb,8,3,no,\n");
        Path out = dir.resolve("out.csv");

        Command done = Command.run("predict", run(), in.toString(), "--keep", "id,note", "--out", out.toString());

        assertThat(done.status()).as(done.err()).isZero();
        List<String> lines = Files.readAllLines(out);
        assertThat(lines.get(0)).isEqualTo("id,note,label,probability,probability_gone,probability_here");
        assertThat(lines.get(1)).startsWith("7,\"x, y\",gone,0.");
        assertThat(lines.get(2)).startsWith("8,,here,0.");
        assertThat(lines).hasSize(3);
        Command json = Command.run("predict", run(), in.toString(), "--json", "--keep", "id");
        JsonNode first = JSON.readTree(json.out().lines().findFirst().orElseThrow());
        assertThat(first.at("/kept/id").asText()).isEqualTo("7");
        assertThat(first.at("/probabilities")).hasSize(2);
        Command text = Command.run("predict", run(), in.toString());
        assertThat(text.out().lines().findFirst().orElseThrow()).matches(in + ":2\tgone\t0\\.\\d{4}");
    }

    @Test
    void a_bad_row_is_named_by_its_line_and_leaves_no_file_or_is_marked_and_counted() throws Exception {
        Path in = Files.writeString(dir.resolve("bad.csv"), "size,kind,open\n25,a,yes\nlarge,a,yes\n3,b\n3,b,no\n");
        Path out = dir.resolve("bad-out.csv");

        Command refused = Command.run("predict", run(), in.toString(), "--out", out.toString());
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err())
                .contains(in + ":3: expected a number for size, received \"large\"")
                .hasLineCount(1);
        assertThat(out).doesNotExist();

        Command marked = Command.run("predict", run(), in.toString(), "--out", out.toString(), "--bad", "mark");
        assertThat(marked.status()).as(marked.err()).isZero();
        assertThat(marked.err()).contains("2 of 4 examples could not be predicted");
        List<String> lines = Files.readAllLines(out);
        assertThat(lines.get(0)).endsWith(",probability_here,error");
        assertThat(lines).hasSize(5);
        assertThat(lines.get(2)).contains("bad.csv:3,,,,,").contains("received \"\"large\"\"");
        assertThat(lines.get(3)).contains("expected 3 fields, received 2");
    }

    @Test
    void other_delimiters_charsets_and_forms_are_read() throws Exception {
        Path semicolons = Files.writeString(dir.resolve("s.txt"), "size;kind;open\n25;a;yes\n");
        Path tabs = Files.writeString(dir.resolve("s.tsv"), "size\tkind\topen\n25\ta\tyes\n");
        Path lines = Files.writeString(dir.resolve("s.jsonl"), "{\"size\": 25, \"kind\": \"a\", \"open\": true}\n");
        Path list = Files.writeString(dir.resolve("s.json"), "[{\"size\": 25, \"kind\": \"a\", \"open\": \"yes\"}]");
        String right = probability(tabs.toString());
        assertThat(probability(semicolons.toString(), "--delimiter", ";")).isEqualTo(right);
        assertThat(probability(lines.toString())).isEqualTo(right);
        assertThat(probability(list.toString())).isEqualTo(right);
        assertThat(probability("{\"size\": 25, \"kind\": \"a\", \"open\": 1}")).isEqualTo(right);

        InputStream before = System.in;
        try {
            System.setIn(new ByteArrayInputStream("kind,size,open\na,25,YES\n".getBytes(StandardCharsets.UTF_8)));
            assertThat(probability("-")).isEqualTo(right);
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void a_table_without_rows_is_answered_by_its_header_alone_and_told() throws Exception {
        Path csv = Files.writeString(dir.resolve("empty.csv"), "id,size,kind,open\n");
        Path out = dir.resolve("empty-out.csv");

        Command done = Command.run("predict", run(), csv.toString(), "--keep", "id", "--out", out.toString());

        assertThat(done.status()).as(done.err()).isZero();
        assertThat(done.err()).contains("0 rows");
        assertThat(Files.readString(out).strip()).isEqualTo("id,label,probability,probability_gone,probability_here");
        Command all = Command.run("predict", run(), csv.toString(), "--keep", "all");
        assertThat(all.out().strip()).startsWith("id,size,kind,open,label,");
        Command plain = Command.run("predict", run(), csv.toString(), "--csv");
        assertThat(plain.out().strip()).startsWith("input,label,");
        assertThat(Command.run("predict", run(), csv.toString(), "--json").err())
                .contains("0 rows");
    }

    @Test
    void a_file_or_standard_input_with_nothing_in_it_is_refused_and_leaves_no_file() throws Exception {
        Path out = dir.resolve("nothing-out.csv");
        for (String name : List.of("nothing.csv", "nothing.jsonl", "nothing.json", "nothing.arff", "nothing.parquet")) {
            Path file = Files.writeString(dir.resolve(name), "");
            Command done = Command.run("predict", run(), file.toString(), "--out", out.toString());
            assertThat(done.status()).as(name + done.err()).isEqualTo(2);
            assertThat(done.err()).as(name).contains("expected", file.toString());
            assertThat(out).doesNotExist();
        }
        assertThat(fromStandardInput("").err()).contains("on standard input, received nothing");
        assertThat(fromStandardInput("id,size,kind,open\n", "--csv").out()).startsWith("input,label,");
    }

    @Test
    void a_file_of_another_form_is_told_with_the_option_to_give_and_standard_input_by_its_name() throws Exception {
        String semicolons = "size;kind;open\n25;a;yes\n";
        Path file = Files.writeString(dir.resolve("semicolons.csv"), semicolons);
        Path wide = Files.write(dir.resolve("wide.csv"), semicolons.getBytes(StandardCharsets.UTF_16));
        Path bytes = Files.write(
                dir.resolve("latin.csv"), "size,kind,open\n25,\u00e4,yes\n".getBytes(StandardCharsets.ISO_8859_1));
        Path lines = Files.write(
                dir.resolve("latin.jsonl"), "{\"kind\": \"\u00e4\"}\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(Command.run("predict", run(), file.toString()).err())
                .contains("in " + file, "give --delimiter ';'")
                .doesNotContain("delimiter:", "names");
        assertThat(Command.run("predict", run(), wide.toString()).err())
                .contains("in " + wide, "give --charset UTF-16")
                .doesNotContain("charset:");
        assertThat(Command.run("predict", run(), bytes.toString()).err())
                .contains(bytes + ":2: bytes that are not UTF-8", "give --charset windows-1252");
        assertThat(Command.run("predict", run(), bytes.toString(), "--charset", "windows-1252")
                        .status())
                .isZero();
        assertThat(Command.run("predict", run(), lines.toString()).err())
                .contains(lines + ": expected UTF-8")
                .doesNotContain("Input length");
        for (Command done : List.of(
                fromStandardInput(semicolons),
                fromStandardInput("size,kind,open\nlarge,a,yes\n"),
                fromStandardInput("size,kind\n1,a\n"),
                fromStandardInput("{\"size\": NaN}"),
                fromStandardInput("{\"size\": [\n1}"))) {
            assertThat(done.status()).as(done.err()).isEqualTo(2);
            assertThat(done.err()).contains("standard input").doesNotContain("jumbo-stdin", ".tmp", "delimiter:");
        }
    }

    private Command fromStandardInput(String text, String... more) {
        InputStream before = System.in;
        try {
            System.setIn(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
            List<String> all = new ArrayList<>(List.of("predict", run(), "-"));
            all.addAll(List.of(more));
            return Command.run(all.toArray(String[]::new));
        } finally {
            System.setIn(before);
        }
    }

    private String probability(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("predict", run(), "--json"));
        all.addAll(List.of(arguments));
        Command done = Command.run(all.toArray(String[]::new));
        assertThat(done.status()).as(done.err()).isZero();
        return JSON.readTree(done.out()).path("probability").asText();
    }

    @Test
    void a_file_without_the_columns_says_which_and_what_is_near() throws Exception {
        Path in = Files.writeString(dir.resolve("n.csv"), "sizes,kind,open\n25,a,yes\n");
        Command done = Command.run("predict", run(), in.toString());
        assertThat(done.status()).isEqualTo(2);
        assertThat(done.err()).contains("no column \"size\", but \"sizes\"").hasLineCount(1);
        assertThat(Command.run("predict", run(), in.toString(), "--keep", "x").status())
                .isEqualTo(2);
        assertThat(Command.run("predict", run(), dir.resolve("none.csv").toString())
                        .err())
                .contains("there is no such file");
    }

    @Test
    void more_rows_than_a_batch_come_out_in_their_order() throws Exception {
        List<String> rows = new ArrayList<>(List.of("id,size,kind,open"));
        for (int i = 0; i < 1500; i++) {
            rows.add(i + "," + i % 30 + ",a,no");
        }
        Path in = Files.write(dir.resolve("many.csv"), rows);
        Command done = Command.run("predict", run(), in.toString(), "--keep", "id");
        List<String> lines = done.out().lines().toList();
        assertThat(lines).hasSize(1501);
        for (int i = 0; i < 1500; i++) {
            assertThat(lines.get(i + 1)).startsWith(i + ",");
        }
    }

    @Test
    void java_gives_rows_of_texts_in_one_call() {
        Map<String, @Nullable Object> row = new HashMap<>();
        row.put("size", "25");
        row.put("kind", "c");
        row.put("open", null);
        Prediction answer = predictor.answerRows(List.of(row)).rows().get(0);
        assertThat(answer.label()).isEqualTo("gone");
        assertThat(answer.probability("gone")).isEqualTo(answer.probability());
        assertThat(answer.warnings()).hasSize(1);
    }

    @Test
    void metadata_names_the_columns_with_their_types_and_categories() throws Exception {
        JsonNode metadata = JSON.readTree(get("").body());
        assertThat(metadata.path("inputs"))
                .hasToString("[{\"name\":\"size\",\"datatype\":\"FP64\",\"shape\":[-1]},"
                        + "{\"name\":\"kind\",\"datatype\":\"BYTES\",\"shape\":[-1],"
                        + "\"parameters\":{\"categories\":[\"a\",\"b\"]}},"
                        + "{\"name\":\"open\",\"datatype\":\"BOOL\",\"shape\":[-1]}]");
        assertThat(metadata.at("/outputs/0/parameters/classes")).hasToString("[\"gone\",\"here\"]");
    }

    @Test
    void columns_come_by_name_in_any_order_and_unknown_names_are_refused() throws Exception {
        String open = "{\"name\":\"open\",\"shape\":[2,1],\"datatype\":\"BOOL\",\"data\":[true,false]}";
        String size = "{\"name\":\"size\",\"shape\":[2],\"datatype\":\"FP64\",\"data\":[25,null]}";
        String kind = "{\"name\":\"kind\",\"shape\":[2],\"datatype\":\"BYTES\",\"data\":[\"a\",\"%s\"]}";
        HttpResponse<String> fine = infer(open, kind.formatted("b"), size);
        assertThat(fine.statusCode()).as(fine.body()).isEqualTo(200);
        assertThat(JSON.readTree(fine.body()).at("/outputs/0/shape")).hasToString("[2,2]");
        require(infer(open, size), "the input \\\"kind\\\" is missing");
        require(infer(open, size, kind.formatted("b").replace("kind", "kimd")), "did you mean \\\"kind\\\"?");
        require(
                infer(open, kind.formatted("b"), size.replace("25", "1e39")),
                "row 0: expected a number up to 3.4e38 for size");
    }

    @Test
    void a_category_that_training_did_not_have_is_answered_with_one_warning_by_infer_predict_and_the_command()
            throws Exception {
        String warning = "training had no \"99\" in kind (it had a, b): taken as none of them";
        String inputs = "{\"name\":\"open\",\"shape\":[1],\"datatype\":\"BOOL\",\"data\":[true]},"
                + "{\"name\":\"size\",\"shape\":[1],\"datatype\":\"FP64\",\"data\":[25]},"
                + "{\"name\":\"kind\",\"shape\":[1],\"datatype\":\"BYTES\",\"data\":[\"99\"]}";
        String row = "{\"size\": 25, \"kind\": \"99\", \"open\": true}";

        JsonNode infer = JSON.readTree(infer(inputs).body());
        JsonNode predict = JSON.readTree(post("predict", row).body());
        JsonNode command =
                JSON.readTree(Command.run("predict", run(), "--json", row).out());

        assertThat(infer.at("/parameters/warnings").asText()).isEqualTo("row 0: " + warning);
        assertThat(predict.at("/warnings/0").asText()).isEqualTo(warning);
        assertThat(command.at("/warnings/0").asText()).isEqualTo(warning);
        assertThat(infer.at("/outputs/0/data/0").floatValue())
                .isEqualTo(predict.at("/probabilities/gone").floatValue())
                .isEqualTo(command.at("/probabilities/gone").floatValue());
    }

    @Test
    void a_key_that_is_no_column_of_training_is_refused_and_its_ignored_columns_and_the_target_are_taken()
            throws Exception {
        String row = "{\"size\": 25, \"kind\": \"a\", \"open\": true, \"%s\": 3}";
        for (String known : List.of("id", "left")) {
            assertThat(post("predict", row.formatted(known)).statusCode())
                    .as(known)
                    .isEqualTo(200);
        }
        require(post("predict", row.formatted("oped")), "unknown column \\\"oped\\\" (did you mean \\\"open\\\"?)");
        require(post("predict", "[" + row.formatted("id") + "," + row.formatted("zz") + "]"), "row 1: unknown column");
        // "id" is near, and names nothing that the model looks at.
        for (String near : List.of("idxx", "lefts")) {
            HttpResponse<String> refused = post("predict", row.formatted(near));
            require(refused, "unknown column \\\"" + near + "\\\" (known: ");
            assertThat(refused.body()).doesNotContain(" id,", " left");
        }
    }

    @Test
    void what_is_wrong_with_json_is_told_by_the_server_and_the_command_in_words_of_their_own() throws Exception {
        for (String body : List.of(
                "{\"size\": NaN}",
                "{\"size\": 1,}",
                "{\"size\": ",
                "{'size': 1}",
                "[[[",
                "{\"size\": 1, \"size\": 2}",
                "{\"size\": 01}",
                "{\"size\": " + "9".repeat(2000) + "}",
                "{\"kind\": \"a\nb\"}",
                "{\"size\": [1}",
                "{\"a\": " + "[".repeat(2000))) {
            for (String said : List.of(
                    post("predict", body).body(),
                    post("infer", body).body(),
                    Command.run("predict", run(), body).err(),
                    marked(body))) {
                assertThat(said)
                        .as(body.substring(0, Math.min(40, body.length())))
                        .containsPattern("expected|unknown key|no column") // NaN is missing in a file of lines
                        .doesNotContain("`", "Source", "Feature", "Stream", "REDACTED", "code ", "Json");
            }
        }
    }

    private String marked(String line) throws Exception {
        Path lines = Files.writeString(dir.resolve("broken.jsonl"), line.replace('\n', '\u0001') + "\n");
        return Command.run("predict", run(), "--bad", "mark", lines.toString()).out();
    }

    @Test
    void the_positions_of_categories_are_taken_only_if_they_are_positions() throws Exception {
        String row = "{\"name\":\"row\",\"shape\":[1,3],\"datatype\":\"FP32\",\"data\":[25,%s,1]}";
        assertThat(infer(row.formatted("1")).statusCode()).isEqualTo(200);
        for (String position : List.of("99", "1.5", "-7")) {
            require(infer(row.formatted(position)), "position of a category of kind, 0 to 1, at [0, 1]", "by name");
        }
    }

    @Test
    void a_list_of_rows_is_answered_by_a_list_and_a_bad_one_is_named() throws Exception {
        String row = "{\"size\": 25, \"kind\": \"%s\", \"open\": false}";
        JsonNode list = JSON.readTree(post("predict", "[" + row.formatted("a") + "," + row.formatted("z") + "]")
                .body());
        assertThat(list).hasSize(2);
        assertThat(list.at("/0/warnings").isMissingNode()).isTrue();
        assertThat(list.at("/1/warnings/0").asText()).contains("training had no \"z\" in kind");
        require(post("predict", "[" + row.formatted("a") + ",{\"size\": 1}]"), "row 1: no column \\\"kind\\\"");
        require(post("predict", row.formatted("a").replace("25", "1e999")), "expected a number up to");
        assertThat(get("/nothing").statusCode()).isEqualTo(404);
    }

    private static void require(HttpResponse<String> answer, String... texts) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains(texts);
    }

    private HttpResponse<String> infer(String... inputs) throws Exception {
        return post("infer", "{\"inputs\":[" + String.join(",", inputs) + "]}");
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(HttpRequest.newBuilder(uri(path)).build());
    }

    private HttpResponse<String> post(String path, String json) throws Exception {
        return send(HttpRequest.newBuilder(uri("/" + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build());
    }

    private URI uri(String path) {
        return server.uri().resolve("v2/models/m" + path);
    }

    private static HttpResponse<String> send(HttpRequest request) throws Exception {
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
