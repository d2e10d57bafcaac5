package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipes for texts on a few invented ones. */
class TextRecipesTest {
    private static final List<String> FILLER = List.of("the", "of", "said", "today", "in", "a", "new", "more");

    @TempDir
    Path temp;

    /** Texts of which one word tells the class. */
    private Path texts(String name, int count, List<String> classes) throws IOException {
        Random random = new Random(name.hashCode());
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String label = classes.get(i % classes.size());
            List<String> words = new ArrayList<>(List.of(label + "word"));
            for (int w = 0; w < 4; w++) {
                words.add(random.nextInt(words.size() + 1), FILLER.get(random.nextInt(FILLER.size())));
            }
            lines.add("{\"text\": \"" + String.join(" ", words) + "\", \"label\": \"" + label + "\"}");
        }
        return Files.write(temp.resolve(name + ".jsonl"), lines);
    }

    private double accuracy(String example, List<String> classes, boolean validated) throws IOException {
        Path run = temp.resolve("run");
        String at = "data.dataset.records.";
        List<String> sets = new ArrayList<>(List.of(
                at + "train.json_lines.path=" + texts("train", 96, classes),
                at + "test.json_lines.path=" + texts("test", 32, classes),
                at + "inputs.text.ngrams.buckets=20000",
                "model={layers: [{embedding: {input_dim: 20001, output_dim: 16}}, {permute: [2, 1]}, global_avg_pool, {dense: "
                        + classes.size() + "}]}",
                "train.epochs=25",
                "train.batch_size=16",
                "train.learning_rate=0.05"));
        if (validated) {
            sets.add(at + "validation.json_lines.path=" + texts("validation", 16, classes));
        }
        List<String> arguments =
                new ArrayList<>(List.of("train", "../examples/" + example + ".yaml", "--out", run.toString()));
        sets.forEach(set -> arguments.addAll(List.of("--set", set)));
        Command trained = Command.run(arguments.toArray(String[]::new));
        assertThat(trained.status()).as(trained.err()).isZero();
        Command evaluated = Command.run("evaluate", run.toString(), "--split", "test", "--json");
        assertThat(evaluated.status()).as(evaluated.err()).isZero();
        JsonNode report = new ObjectMapper().readTree(evaluated.out());
        return report.get("accuracy").asDouble();
    }

    @Test
    void topics_are_told_by_their_words() throws IOException {
        List<String> classes = List.of("acq", "crude", "earn", "grain", "interest", "money", "ship", "trade");
        assertThat(accuracy("topics", classes, false)).isGreaterThan(0.9);
    }

    @Test
    void sentiment_is_told_by_words_and_runs_of_characters() throws IOException {
        assertThat(accuracy("sentiment", List.of("negative", "positive"), true)).isGreaterThan(0.9);
    }
}
