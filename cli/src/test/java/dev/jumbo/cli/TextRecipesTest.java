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
    private static final ObjectMapper JSON = new ObjectMapper();
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

    /** All stages of a recipe, and answers of predict for a file of lines. */
    private void ran(String example, List<String> classes, boolean validated, String... more) throws IOException {
        Path run = temp.resolve("run");
        String at = "data.dataset.records.";
        Path test = texts("test", 32, classes);
        List<String> sets = new ArrayList<>(List.of(
                at + "train.json_lines.path=" + texts("train", 96, classes),
                at + "test.json_lines.path=" + test,
                "train.epochs=12",
                "train.batch_size=16",
                "train.learning_rate=0.2"));
        if (validated) {
            sets.add("train.epochs=20");
            sets.add(at + "validation.json_lines.path=" + texts("validation", 16, classes));
        }
        sets.addAll(List.of(more));
        List<String> arguments =
                new ArrayList<>(List.of("run", "../examples/" + example + ".yaml", "--out", run.toString()));
        sets.forEach(set -> arguments.addAll(List.of("--set", set)));
        Command ran = Command.run(arguments.toArray(String[]::new));
        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out()).contains("test        accuracy", "asked       POST", "served      {\"label\"");
        Command evaluated = Command.run("evaluate", run.toString(), "--split", "test", "--json");
        assertThat(evaluated.status()).as(evaluated.err()).isZero();
        JsonNode report = JSON.readTree(evaluated.out());
        assertThat(report.get("accuracy").asDouble()).isGreaterThan(0.9);
        answers(run, test, ran.out());
    }

    /** Lines, a table and a text in place get the answer that the server gave. */
    private void answers(Path run, Path lines, String served) throws IOException {
        String text =
                JSON.readTree(Files.readAllLines(lines).get(0)).get("text").asText();
        Path table = Files.write(temp.resolve("some.csv"), List.of("number,text", "1," + text));
        JsonNode server =
                JSON.readTree(served.substring(served.indexOf("{\"label\"")).strip());
        for (String input : List.of(lines.toString(), table.toString(), "{\"text\": \"" + text + "\"}")) {
            Command predicted = Command.run("predict", run.toString(), input, "--json");
            assertThat(predicted.status()).as(predicted.err()).isZero();
            JsonNode answer = JSON.readTree(predicted.out().lines().findFirst().orElseThrow());
            assertThat(answer.get("label")).as(input).isEqualTo(server.get("label"));
            assertThat(answer.get("probability").floatValue())
                    .as(input)
                    .isEqualTo(server.get("probability").floatValue());
        }
    }

    @Test
    void topics_are_told_by_their_words() throws IOException {
        List<String> classes = List.of("acq", "crude", "earn", "grain", "interest", "money", "ship", "trade");
        // Of so few texts pairs of words are mostly chance.
        ran("topics", classes, false, "data.dataset.records.inputs.text.tfidf.by.ngrams.words=1");
    }

    @Test
    void sentiment_is_told_by_words_and_runs_of_characters() throws IOException {
        ran("sentiment", List.of("negative", "positive"), true);
    }

    @Test
    void what_a_question_asks_for_is_told_by_all_three_that_read_it() throws IOException {
        List<String> classes = List.of("ABBR", "DESC", "ENTY", "HUM", "LOC", "NUM");
        ran("questions", classes, false, "train.learning_rate=0.01");
    }
}
