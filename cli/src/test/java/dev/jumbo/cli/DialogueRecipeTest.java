package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** examples/dialogue.yaml on a few invented dialogues, with a tiny model. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DialogueRecipeTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> CITIES = List.of("rome", "paris", "london");
    private static final List<String> NUMBERS = List.of("two", "four", "six");

    private Path temp;
    private Path run;
    private String printed = "";

    /** Greets, calls, and offers what it was told. */
    private static String dialogue(String city, String number) {
        return "1 hi\thello\n2 in %1$s for %2$s\tapi_call %1$s %2$s\n3 inn_%1$s R_rating 5\n4 <SILENCE>\tthis option: inn_%1$s\n\n"
                .formatted(city, number);
    }

    @BeforeAll
    void trained(@TempDir Path directory) throws IOException {
        temp = directory;
        StringBuilder all = new StringBuilder();
        CITIES.forEach(city -> NUMBERS.forEach(number -> all.append(dialogue(city, number))));
        Files.writeString(temp.resolve("train.txt"), all.toString().repeat(8));
        Files.writeString(temp.resolve("known.txt"), dialogue("rome", "six") + dialogue("london", "two"));
        // A city that was never said cannot be called.
        Files.writeString(temp.resolve("new.txt"), dialogue("oslo", "four"));
        run = temp.resolve("run");
        String data = "data.dataset.chats.";
        List<String> arguments = new ArrayList<>(List.of("run", "../examples/dialogue.yaml", "--out", run.toString()));
        for (String set : List.of(
                "data.dir=" + temp,
                data + "train=[train.txt]",
                data + "validation=[known.txt]",
                data + "test=[known.txt, new.txt]",
                data + "context=128",
                "model={name: {llama: {vocab_size: 384, hidden_size: 64, intermediate_size: 128, num_hidden_layers: 2,"
                        + " num_attention_heads: 4, max_position_embeddings: 128, tie_word_embeddings: true}}}",
                "train.tokens_per_batch=256",
                "train.precision=fp32",
                "train.schedule=constant",
                "train.learning_rate=0.005",
                "train.epochs=24")) {
            arguments.addAll(List.of("--set", set));
        }
        Command trained = Command.run(arguments.toArray(String[]::new));
        assertThat(trained.status()).as(trained.err()).isZero();
        printed = trained.out();
    }

    @Test
    void run_asks_for_the_answers_as_evaluate_does() throws IOException {
        Files.delete(run.resolve("wrong_answers_test.jsonl")); // Written by run, and by evaluate again.
        Command evaluated = Command.run("evaluate", run.toString(), "--resamples", "0");
        List<String> table = evaluated
                .out()
                .lines()
                .dropWhile(line -> !line.contains("dialogues"))
                .toList();
        assertThat(table).hasSize(4);
        assertThat(printed.lines()).containsSubsequence(table);
        assertThat(run.resolve("wrong_answers_test.jsonl")).exists();
    }

    private JsonNode evaluated() throws IOException {
        Command evaluated = Command.run("evaluate", run.toString(), "--json", "--resamples", "0");
        assertThat(evaluated.status()).as(evaluated.err()).isZero();
        return JSON.readTree(evaluated.out()).get("answers");
    }

    @Test
    void answers_are_counted_by_file_and_the_wrong_ones_written_down() throws IOException {
        JsonNode answers = evaluated();
        JsonNode known = answers.get("files").get(0);
        assertThat(known.get("file").textValue()).isEqualTo("known.txt");
        assertThat(known.get("response_accuracy").doubleValue()).isEqualTo(1);
        assertThat(known.get("dialogue_accuracy").doubleValue()).isEqualTo(1);
        JsonNode unknown = answers.get("files").get(1);
        assertThat(unknown.get("right_responses").intValue()).isLessThan(3);
        assertThat(unknown.get("dialogue_accuracy").doubleValue()).isZero();
        assertThat(answers.get("responses").intValue()).isEqualTo(9);
        assertThat(answers.get("dialogues").intValue()).isEqualTo(3);
        List<String> wrong = Files.readAllLines(run.resolve("wrong_answers_test.jsonl"));
        assertThat(wrong).hasSize(9 - answers.get("right_responses").intValue());
        assertThat(JSON.readTree(wrong.get(0)).get("where").textValue()).endsWith("new.txt, line 1");
        Command text = Command.run("evaluate", run.toString(), "--resamples", "0");
        assertThat(text.out()).contains("known.txt", "100.00", "all");
    }

    /** What generate answers behind each beginning of a dialogue is right as often as evaluate says. */
    @Test
    void evaluate_agrees_with_generate() throws IOException {
        int right = 0;
        for (String[] of : new String[][] {{"rome", "six"}, {"london", "two"}, {"oslo", "four"}}) {
            String first = "<|user|>hi<|assistant|>";
            String second = first + "hello<|end|><|user|>in " + of[0] + " for " + of[1] + "<|assistant|>";
            String call = "api_call " + of[0] + " " + of[1];
            String third = second + call + "<|end|><|tool|>inn_" + of[0] + " R_rating 5<|user|><SILENCE><|assistant|>";
            Command made = Command.run(
                    "generate", run.toString(), "--json", "--prompt", first, "--prompt", second, "--prompt", third);
            assertThat(made.status()).as(made.err()).isZero();
            List<String> expected = List.of("hello", call, "this option: inn_" + of[0]);
            List<String> lines = made.out().lines().toList();
            for (int i = 0; i < 3; i++) {
                right += JSON.readTree(lines.get(i)).get("text").textValue().equals(expected.get(i)) ? 1 : 0;
            }
        }
        assertThat(evaluated().get("right_responses").intValue()).isEqualTo(right);
    }

    @Test
    void chat_says_what_a_dialogue_has_whose_answers_are_all_right() {
        Command chat = chat("hi\nin rome for six\n/tool inn_rome R_rating 5\n<SILENCE>\n");
        assertThat(chat.status()).as(chat.err()).isZero();
        assertThat(chat.out().lines()).containsExactly("hello", "api_call rome six", "this option: inn_rome");
    }

    private Command chat(String input) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try {
            return Command.run("chat", run.toString());
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void answers_of_a_part_without_chats_or_of_other_data_are_refused_in_one_line() {
        Command none = Command.run(
                "evaluate", run.toString(), "--set", "data.dataset.chats.validation=[]", "--split=validation");
        assertThat(none.status()).isEqualTo(2);
        assertThat(none.err()).hasLineCount(1);
        Command other = Command.run(
                "train",
                "../examples/iris.yaml",
                "--out",
                temp.resolve("other").toString(),
                "--set",
                "evaluate.answers={}");
        assertThat(other.status()).isEqualTo(2);
        assertThat(other.err()).hasLineCount(1).contains("evaluate.answers: expected the dataset chats");
    }

    /** It learned ids of the tokenizer of its own training texts; another one's are others. */
    @Test
    void a_run_answers_by_its_own_tokenizer_when_its_training_files_have_changed() throws IOException {
        JsonNode before = evaluated();
        Path tokenizer = run.resolve("tokenizer/tokenizer.json");
        String own = Files.readString(tokenizer);
        String learned = Files.readString(temp.resolve("train.txt"));
        Files.writeString(temp.resolve("train.txt"), "1 xylophones\tquite another text\n\n".repeat(20));
        try {
            assertThat(evaluated()).isEqualTo(before);
            Command resumed = Command.run(
                    "train",
                    run.resolve("run.yaml").toString(),
                    "--out",
                    run.toString(),
                    "--resume",
                    "--set",
                    "train.epochs=25");
            assertThat(resumed.status()).isNotZero();
            assertThat(resumed.err()).contains("was trained on other data");
            assertThat(Files.readString(tokenizer)).isEqualTo(own);
        } finally {
            Files.writeString(temp.resolve("train.txt"), learned);
        }
    }
}
