package dev.jumbo.spark.text.decontaminate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import dev.jumbo.spark.text.Document;
import dev.jumbo.spark.text.NormalWords;
import dev.jumbo.spark.text.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecontaminateTest {
    private static final String QUESTION =
            "Which of the seven planets beyond the Earth has the longest day, measured in hours of our own clocks?";

    @Test
    void a_piece_of_an_example_drops_the_document_and_names_the_set(@TempDir Path dir) throws IOException {
        Path quiz = dir.resolve("quiz.jsonl");
        Files.writeString(quiz, "{\"question\": \"" + QUESTION + "\", \"answers\": [\"Venus\", \"Mars\"]}\n\n");
        Path lines = dir.resolve("lines.txt");
        Files.writeString(lines, "one two three four five six seven eight nine\n");
        Decontaminate step = Decontaminate.of(Map.of("quiz", quiz, "lines", lines));

        Outcome found = step.apply(Document.of(
                "a", "They asked: OF THE SEVEN PLANETS -- beyond the earth, has the longest day measured in hours!"));
        assertThat(found)
                .isEqualTo(Outcome.drop(
                        "decontaminate.quiz",
                        "2 n-grams, the first: of the seven planets beyond the earth has the longest day measured in"));
        // An example shorter than 13 words counts whole, and only whole.
        assertThat(step.apply(Document.of("b", "zero one two three four five six seven eight nine ten")))
                .isEqualTo(Outcome.drop(
                        "decontaminate.lines", "1 n-grams, the first: one two three four five six seven eight nine"));
        Document free = Document.of("c", "of the seven planets beyond the earth has the longest day, said Venus.");
        assertThat(step.apply(free)).isEqualTo(Outcome.keep(free));
        assertThat(step.index().skipped()).isEqualTo(Map.of("quiz", 2));
    }

    @Test
    void only_the_named_fields_count(@TempDir Path dir) throws IOException {
        Path quiz = dir.resolve("quiz.jsonl");
        Files.writeString(
                quiz, "{\"question\": \"" + QUESTION + "\", \"context\": \"" + "a b c d e f g h i j k l m n" + "\"}\n");
        Decontaminate step = new Decontaminate(Map.of("quiz", quiz), List.of("question"), 13, 8, 1);
        assertThat(step.apply(Document.of("a", "a b c d e f g h i j k l m n"))).isInstanceOf(Outcome.Kept.class);
        assertThat(step.apply(Document.of("a", QUESTION))).isInstanceOf(Outcome.Dropped.class);
    }

    @Test
    void every_planted_piece_is_found_and_nothing_else() {
        Random random = new Random(4);
        NgramIndex.Builder builder = NgramIndex.builder(13, 8);
        String[] examples = new String[200];
        for (int i = 0; i < examples.length; i++) {
            examples[i] = words("w", random, 40);
            builder.add("set" + i % 3, examples[i]);
        }
        NgramIndex index = builder.build();
        assertThat(index.size()).isEqualTo(200 * 28);
        for (int i = 0; i < 2_000; i++) {
            assertThat(index.find(NormalWords.of(words("w", random, 200)))).isEmpty();
            int from = random.nextInt(27);
            String piece = NormalWords.of(examples[i % 200]).text(from, from + 13);
            assertThat(index.find(NormalWords.of(words("x", random, 20) + ' ' + piece + ' ' + words("x", random, 20))))
                    .hasValue(new NgramIndex.Hit("set" + i % 200 % 3, piece, 1));
            String shorter = NormalWords.of(examples[i % 200]).text(from, from + 12);
            assertThat(index.find(
                            NormalWords.of(words("x", random, 20) + ' ' + shorter + ' ' + words("x", random, 20))))
                    .isEmpty();
        }
    }

    private static String words(String letter, Random random, int count) {
        return random.ints(count, 0, 2_000).mapToObj(word -> letter + word).collect(Collectors.joining(" "));
    }

    @Test
    void a_missing_or_broken_set_is_refused_by_name(@TempDir Path dir) throws IOException {
        Decontaminate missing = Decontaminate.of(Map.of("quiz", dir.resolve("none.jsonl")));
        assertThatThrownBy(() -> missing.apply(Document.of("a", "b")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("the evaluation set quiz from");
        Path broken = dir.resolve("broken.jsonl");
        Files.writeString(broken, "{}\n{\"a\": \n");
        Decontaminate step = Decontaminate.of(Map.of("quiz", broken));
        assertThatThrownBy(step::index).isInstanceOf(InputException.class).hasMessageContaining("line 2");
    }
}
