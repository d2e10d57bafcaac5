package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A training that starts from a checkpoint and keeps its preprocessing: at a rate of nothing, the new model answers exactly as the old one,
 * whatever the new data looks like.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeptPreprocessingTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STILL =
            "{epochs: 1, batch_size: 16, learning_rate: 1.0e-30, seed: 2, init_from: '%s'%s}";

    private Path dir;

    @BeforeAll
    void train(@TempDir Path temporary) throws IOException {
        dir = temporary;
        table("old.csv", 1, "size,town,price", 0, "Cork", "Galway", "Kerry");
        run("old", table("old.csv", ""), "{epochs: 3, batch_size: 16, learning_rate: 0.05, seed: 1}");
        // Other values, other order of columns, a town less and one more.
        table("new.csv", 2, "town,price,size", 50, "Kerry", "Cork", "Sligo");
        texts("old.jsonl", "a fine film", "a bad film", "so bad", "so fine a plot");
        texts("new.jsonl", "the worst", "a fine plot", "the best plot", "bad bad");
        run("words", texts("old.jsonl", 50), "{epochs: 2, batch_size: 4, learning_rate: 0.05, seed: 1}");
    }

    private void table(String name, long seed, String header, double more, String... towns) throws IOException {
        Random random = new Random(seed);
        List<String> lines = new ArrayList<>(List.of(header));
        for (int i = 0; i < 60; i++) {
            double size = 100 + more + 20 * random.nextGaussian();
            String town = towns[random.nextInt(towns.length)];
            double price = 1000 * size + (town.equals("Cork") ? 30_000 : 0);
            List<String> cells = new ArrayList<>();
            for (String column : header.split(",")) {
                cells.add(
                        column.equals("size")
                                ? String.format(Locale.ROOT, "%.3f", size)
                                : column.equals("town") ? town : String.format(Locale.ROOT, "%.1f", price));
            }
            lines.add(String.join(",", cells));
        }
        Files.write(dir.resolve(name), lines);
    }

    private void texts(String name, String... texts) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            String text = texts[i % texts.length];
            lines.add("{\"review\": \"" + text + "\", \"label\": \"" + (text.contains("bad") ? "no" : "yes") + "\"}");
        }
        Files.write(dir.resolve(name), lines);
    }

    private String table(String file, String more) {
        return "data: {dataset: {table: {train: {csv: {path: '" + dir.resolve(file) + "'}}, test: {csv: {path: '"
                + dir.resolve(file) + "'}}, target: price" + more + "}}}\nmodel: {layers: [{dense: 4}, {dense: 1}]}\n";
    }

    private String texts(String file, int most) {
        return "data: {dataset: {records: {train: {json_lines: '" + dir.resolve(file)
                + "'}, inputs: {review: {tokenize: {vocabulary: 30, max_length: " + most + "}}}, target: label}}}\n"
                + "model: {layers: [{embedding: {input_dim: 30, output_dim: 4}}, {permute: [2, 1]}, global_avg_pool,"
                + " {dense: 2}]}\n";
    }

    private Command train(String name, String yaml, String train) throws IOException {
        Path file = Files.writeString(dir.resolve(name + ".yaml"), yaml + "train: " + train + "\n");
        return Command.run("train", file.toString(), "--out", dir.resolve(name).toString());
    }

    private void run(String name, String yaml, String train) throws IOException {
        Command done = train(name, yaml, train);
        assertThat(done.status()).as(done.err()).isZero();
    }

    private String still(String from, String more) {
        return STILL.formatted(dir.resolve(from), more);
    }

    private String answers(String run, String rows) {
        Command done = Command.run("predict", dir.resolve(run).toString(), rows, "--json");
        assertThat(done.status()).as(done.err()).isZero();
        return done.out();
    }

    private double loss(String run, Object... more) throws IOException {
        List<String> all = new ArrayList<>(
                List.of("evaluate", dir.resolve(run).toString(), "--split", "test", "--json", "--resamples", "0"));
        for (Object each : more) {
            all.add(each.toString());
        }
        Command done = Command.run(all.toArray(String[]::new));
        assertThat(done.status()).as(done.err()).isZero();
        return JSON.readTree(done.out()).findValue("loss").asDouble();
    }

    @Test
    void a_tables_encoding_and_the_scale_of_its_target_are_kept() throws IOException {
        run("kept", table("new.csv", ""), still("old", ", init_preprocessing: keep"));
        run("fitted", table("new.csv", "").replace("dense: 4", "dense: 4"), still("old", ""));
        String rows = "[{\"size\": 90, \"town\": \"Cork\"}, {\"size\": 160, \"town\": \"Galway\"},"
                + " {\"size\": 120, \"town\": \"Sligo\"}]";
        assertThat(answers("kept", rows)).isEqualTo(answers("old", rows));
        assertThat(answers("fitted", rows)).isNotEqualTo(answers("old", rows));
        double byOld = loss("old", "--set", "data.dataset.table.test.csv.path=" + dir.resolve("new.csv"));
        assertThat(loss("kept")).isEqualTo(byOld);
        assertThat(Command.run(
                                "train",
                                dir.resolve("kept.yaml").toString(),
                                "--out",
                                dir.resolve("kept").toString(),
                                "--resume",
                                "--set",
                                "train.epochs=2")
                        .status())
                .isZero();
        assertThat(answers("kept", rows)).isEqualTo(answers("old", rows));
    }

    @Test
    void a_resume_needs_the_first_checkpoint_no_more() throws IOException {
        run("base", table("old.csv", ""), "{epochs: 1, batch_size: 16, seed: 1}");
        run("next", table("new.csv", ""), still("base", ", init_preprocessing: keep"));
        String before = answers("next", "{\"size\": 90, \"town\": \"Cork\"}");
        Files.move(dir.resolve("base"), dir.resolve("gone"));
        Command done = Command.run(
                "train",
                dir.resolve("next.yaml").toString(),
                "--out",
                dir.resolve("next").toString(),
                "--resume",
                "--set",
                "train.epochs=2");
        assertThat(done.status()).as(done.err()).isZero();
        assertThat(answers("next", "{\"size\": 90, \"town\": \"Cork\"}")).isEqualTo(before);
    }

    @Test
    void a_vocabulary_is_kept() throws IOException {
        run("kept-words", texts("new.jsonl", 50), still("words", ", init_preprocessing: keep"));
        String rows = "[{\"review\": \"a fine plot\"}, {\"review\": \"the worst\"}]";
        assertThat(answers("kept-words", rows)).isEqualTo(answers("words", rows));
        JsonNode own = JSON.valueToTree(Checkpoint.best(dir.resolve("kept-words"))
                .description()
                .transforms()
                .toString());
        assertThat(own.asText()).doesNotContain("worst").contains("fine");
        refused(
                train("short", texts("new.jsonl", 8), still("words", ", init_preprocessing: keep")),
                "review.max_length: 8 instead of 50");
    }

    @Test
    void the_vocabulary_and_the_counts_of_tfidf_are_kept() throws IOException {
        run("terms", terms("old.jsonl", 30), "{epochs: 2, batch_size: 4, learning_rate: 0.05, seed: 1}");
        run("kept terms", terms("new.jsonl", 30), still("terms", ", init_preprocessing: keep"));
        String rows = "[{\"review\": \"a fine film\"}, {\"review\": \"so bad\"}]";
        assertThat(answers("kept terms", rows)).isEqualTo(answers("terms", rows));
        refused(
                train("other terms", terms("new.jsonl", 29), still("terms", ", init_preprocessing: keep")),
                "review.by.tokenize.vocabulary: 29 instead of 30");
    }

    private String terms(String file, int vocabulary) {
        return texts(file, 50)
                .replace(
                        "{tokenize: {vocabulary: 30, max_length: 50}}",
                        "{tfidf: {by: {tokenize: {vocabulary: " + vocabulary + ", max_length: 50}}}}")
                .replace("{permute: [2, 1]}, global_avg_pool", "{weighted_sum: review_weights}");
    }

    @Test
    void what_does_not_fit_is_refused_with_all_of_it() throws IOException {
        String keep = ", init_preprocessing: keep";
        Files.writeString(dir.resolve("less.csv"), "size,rooms,price\n1,2,3\n4,5,6\n7,9,8\n2,4,9\n");
        refused(
                train("less", table("less.csv", ""), still("old", keep)),
                "expected the columns [size, town] of the checkpoint",
                "missing: town",
                "too many: rooms; write columns: {rooms: ignore}");
        table("far.csv", 3, "size,town,price", 0, "Paris", "Rome");
        refused(
                train("far", table("far.csv", ""), still("old", keep)),
                "expected categories of town that the checkpoint knows, received none of Cork, Galway, Kerry but");
        refused(
                train("none", table("new.csv", ""), "{epochs: 1, init_preprocessing: keep}"),
                "expected init_from beside keep, received none");
        Path weights = Checkpoint.best(dir.resolve("old")).directory().resolve("model.safetensors");
        refused(
                train("bare", table("new.csv", ""), STILL.formatted(weights, keep)),
                "expected a run or a checkpoint as init_from",
                "which has weights alone");
        refused(train("other", texts("new.jsonl", 50), still("old", keep)), "review: tokenize instead of none");
        refused(
                train("other2", table("new.csv", ""), still("words", keep)),
                "expected the checkpoint of a table, received one that has none");
    }

    private static void refused(Command done, String... texts) {
        assertThat(done.status()).as(done.err()).isEqualTo(2);
        assertThat(done.err()).contains(texts).doesNotContain("Exception");
    }
}
