package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.data.image.Images;
import dev.jumbo.serve.ModelServer;
import dev.jumbo.serve.ServerConfig;
import dev.jumbo.serve.access.Token;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same raw rows, measured by {@code evaluate}, predicted by {@code predict} and asked of the server. */
class SameAnswersTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path dir;

    @Test
    void evaluate_predict_and_the_server_agree_on_a_dirty_table_with_one_sigmoid() throws Exception {
        Path train = passengers("train.csv", 300, 1);
        Path test = passengers("test.csv", 120, 2);
        JsonNode figures = train("""
                data:
                  dataset:
                    table:
                      train: {csv: {path: %s, delimiter: ";", charset: ISO-8859-1, missing: ["", "?"]}}
                      test: {csv: {path: %s, delimiter: ";", charset: ISO-8859-1, missing: ["", "?"]}}
                      target: survived
                      columns: {survived: category, id: ignore}
                      clean:
                        - normalize_text: {columns: [sex, town], lower_case: true}
                        - missing: {fill: median, columns: [age]}
                        - outliers: {columns: [fare], action: clip}
                model: {layers: [{dense: {units: 8, activation: relu}}, {dense: 1}]}
                train: {loss: binary_cross_entropy, epochs: 8, batch_size: 16, seed: 1, metrics: [accuracy, log_loss]}
                """.formatted(train, test));

        List<JsonNode> lines = predict("--json", test.toString());
        List<String> header = List.of("id", "sex", "age", "fare", "town", "survived");
        List<List<String>> rows = new ArrayList<>();
        for (String line :
                Files.readAllLines(test, Charset.forName("ISO-8859-1")).subList(1, 121)) {
            rows.add(List.of(line.split(";", -1)));
        }
        requireFigures(figures, lines, rows.stream().map(row -> row.get(5)).toList());

        ArrayNode asked = JSON.createArrayNode();
        for (List<String> row : rows) {
            ObjectNode object = asked.addObject();
            for (int c = 0; c < 5; c++) {
                object.put(header.get(c), row.get(c));
            }
        }
        JsonNode served = ask(asked.toString());
        for (int i = 0; i < lines.size(); i++) {
            requireSame(lines.get(i), served.get(i));
        }
        requireV2(asked, lines);
        // Upper case, as it was cleaned in training, is no other value.
        assertThat(predict("--json", object("M", "Gößling")).get(0).at("/probabilities"))
                .isEqualTo(predict("--json", object("m", "gößling")).get(0).at("/probabilities"));
    }

    private static String object(String sex, String town) {
        return "{\"sex\": \"%s\", \"age\": null, \"fare\": 9, \"town\": \"%s\"}".formatted(sex, town);
    }

    /** The metrics of a prediction's own probabilities are those of the evaluation. */
    private static void requireFigures(JsonNode figures, List<JsonNode> lines, List<String> right) {
        double hits = 0;
        double loss = 0;
        for (int i = 0; i < lines.size(); i++) {
            hits += lines.get(i).path("label").asText().equals(right.get(i)) ? 1 : 0;
            loss -= Math.log(
                    lines.get(i).path("probabilities").path(right.get(i)).asDouble());
        }
        assertThat(figures.path("accuracy").asDouble()).isCloseTo(hits / lines.size(), within(1e-9));
        assertThat(figures.path("loss").asDouble()).isCloseTo(loss / lines.size(), within(1e-5));
    }

    private static void requireSame(JsonNode line, JsonNode served) {
        assertThat(served.path("label")).isEqualTo(line.path("label"));
        line.path("probabilities")
                .properties()
                .forEach(one -> assertThat(
                                served.path("probabilities").path(one.getKey()).asDouble())
                        .isCloseTo(one.getValue().asDouble(), within(1e-6)));
    }

    private void requireV2(ArrayNode rows, List<JsonNode> lines) throws Exception {
        ObjectNode request = JSON.createObjectNode();
        ArrayNode inputs = request.putArray("inputs");
        for (String column : List.of("town", "sex", "fare", "age")) {
            ObjectNode input = inputs.addObject().put("name", column).put("datatype", "BYTES");
            input.putArray("shape").add(rows.size());
            ArrayNode data = input.putArray("data");
            rows.forEach(row -> data.add(row.path(column)));
        }
        JsonNode answer = post("infer", request.toString());
        for (int i = 0; i < lines.size(); i++) {
            assertThat(answer.at("/outputs/0/data/" + i).asDouble())
                    .isCloseTo(lines.get(i).at("/probabilities/1").asDouble(), within(1e-6));
        }
    }

    @Test
    void a_regression_gives_its_numbers_in_the_units_of_the_target_everywhere() throws Exception {
        Path train = houses("train.csv", 300, 1);
        Path test = houses("test.csv", 100, 2);
        JsonNode figures = train("""
                data:
                  dataset:
                    table: {train: {csv: {path: %s}}, test: {csv: {path: %s}}, target: price}
                model: {layers: [{dense: {units: 8, activation: relu}}, {dense: 1}]}
                train: {loss: mse, epochs: 10, batch_size: 16, seed: 1, metrics: [mae]}
                """.formatted(train, test));
        List<JsonNode> lines = predict("--json", test.toString());
        List<String> rows = Files.readAllLines(test).subList(1, 101);
        double error = 0;
        ArrayNode asked = JSON.createArrayNode();
        for (int i = 0; i < 100; i++) {
            String[] fields = rows.get(i).split(",");
            error += Math.abs(lines.get(i).at("/values/0").asDouble() - Double.parseDouble(fields[2]));
            asked.addObject().put("rooms", Double.parseDouble(fields[0])).put("since", Long.parseLong(fields[1]));
        }
        assertThat(figures.path("mae").asDouble()).isCloseTo(error / 100, within(1e-3 * error / 100));
        JsonNode served = ask(asked.toString());
        for (int i = 0; i < 100; i++) {
            double value = lines.get(i).at("/values/0").asDouble();
            assertThat(served.get(i).at("/outputs/price/0").asDouble())
                    .isCloseTo(value, within(1e-4 * Math.abs(value)));
        }
    }

    @Test
    void a_folder_of_pictures_is_predicted_as_it_is_evaluated() throws Exception {
        SplittableRandom random = new SplittableRandom(5);
        for (String part : List.of("train", "test")) {
            for (int i = 0; i < 24; i++) {
                Path folder = dir.resolve("pictures").resolve(part).resolve(i % 2 == 0 ? "day" : "night");
                Files.createDirectories(folder);
                float[] pixels = new float[3 * 9 * 7];
                for (int p = 0; p < pixels.length; p++) {
                    pixels[p] = (i % 2 == 0 ? 120 : 60) + random.nextInt(80);
                }
                Files.write(folder.resolve(i + ".png"), Images.png(pixels, Shape.of(3, 9, 7)));
            }
        }
        JsonNode figures = train("""
                data: {dataset: {image_folder: {shape: [1, 6, 6]}}, dir: %s, normalization: rescale}
                model: {layers: [flatten, {dense: 2}]}
                train: {epochs: 4, batch_size: 8, seed: 1, metrics: [accuracy]}
                """.formatted(dir.resolve("pictures")));
        List<JsonNode> lines = predict("--json", dir.resolve("pictures/test").toString());
        assertThat(lines).hasSize(24);
        requireFigures(
                figures,
                lines,
                lines.stream()
                        .map(line -> line.path("input").asText().replaceAll(".*/(day|night)/.*", "$1"))
                        .toList());
        JsonNode served = post(
                "predict",
                "image/png",
                Files.readAllBytes(Path.of(lines.get(3).path("input").asText())));
        requireSame(lines.get(3), served);
    }

    private JsonNode train(String yaml) throws IOException {
        Path file = Files.writeString(dir.resolve("run.yaml"), yaml);
        Command train = Command.run(
                "train", file.toString(), "--out", dir.resolve("run").toString());
        assertThat(train.status()).as(train.err()).isZero();
        Command evaluate = Command.run("evaluate", dir.resolve("run").toString(), "--split", "test", "--json");
        assertThat(evaluate.status()).as(evaluate.err()).isZero();
        return JSON.readTree(evaluate.out());
    }

    private List<JsonNode> predict(String option, String input) throws IOException {
        Command predict = Command.run("predict", dir.resolve("run").toString(), option, input);
        assertThat(predict.status()).as(predict.err()).isZero();
        List<JsonNode> lines = new ArrayList<>();
        for (String line : predict.out().lines().toList()) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    private JsonNode ask(String rows) throws Exception {
        return post("predict", rows);
    }

    private JsonNode post(String path, String json) throws Exception {
        return post(path, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    private JsonNode post(String path, String type, byte[] body) throws Exception {
        try (Predictor predictor = Predictor.of(Checkpoint.best(dir.resolve("run")));
                ModelServer server =
                        ModelServer.start(ServerConfig.local(0), Token.NONE, Serve.served("m", predictor))) {
            URI uri = server.uri().resolve("v2/models/m/" + path);
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(uri)
                                    .header("Content-Type", type)
                                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return JSON.readTree(answer.body());
        }
    }

    /** Dirty on purpose: cases, missing ages in two spellings, a fare far out, a letter of Latin-1. */
    private Path passengers(String name, int rows, long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> lines = new ArrayList<>(List.of("id;sex;age;fare;town;survived"));
        for (int i = 0; i < rows; i++) {
            boolean man = random.nextBoolean();
            String sex = man ? (i % 3 == 0 ? "M" : "m") : (i % 4 == 0 ? " F" : "f");
            String age = i % 7 == 0 ? "" : i % 11 == 0 ? "?" : Integer.toString(random.nextInt(1, 80));
            String fare = i % 50 == 9 ? "9999" : String.valueOf(random.nextInt(500) / 10.0);
            String town = List.of("Gößling", "gößling", "Cork").get(random.nextInt(3));
            boolean survived = random.nextDouble() < (man ? 0.2 : 0.8);
            lines.add(String.join(";", "" + i, sex, age, fare, town, survived ? "1" : "0"));
        }
        return Files.write(dir.resolve(name), lines, Charset.forName("ISO-8859-1"));
    }

    private Path houses(String name, int rows, long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> lines = new ArrayList<>(List.of("rooms,since,price"));
        for (int i = 0; i < rows; i++) {
            int rooms = random.nextInt(1, 9);
            long since = 1_700_000_000L + 10 * random.nextInt(100);
            lines.add(rooms + "," + since + "," + (20.5 * rooms + (since - 1_700_000_000L) / 100.0));
        }
        return Files.write(dir.resolve(name), lines);
    }
}
