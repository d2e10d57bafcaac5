package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pretrain.yaml} and {@code dpo.yaml} with a few texts of our own, and small sizes. */
class LanguageRecipesTest {
    @TempDir
    private Path dir;

    private Path example(String name) throws Exception {
        String recipe = Files.readString(Path.of("../examples/" + name));
        String small = recipe.replaceAll("vocab_size: \\d+", "vocab_size: 300")
                .replaceAll("hidden_size: \\d+", "hidden_size: 16")
                .replaceAll("intermediate_size: \\d+", "intermediate_size: 32")
                .replaceAll("num_hidden_layers: \\d+", "num_hidden_layers: 1")
                .replaceAll("num_attention_heads: \\d+", "num_attention_heads: 2")
                .replaceAll("num_key_value_heads: \\d+", "num_key_value_heads: 1")
                .replaceAll("(context|max_position_embeddings): \\d+", "$1: 64")
                .replaceAll("epochs: \\d+", "epochs: 1")
                .replaceAll("max_new_tokens: \\d+", "max_new_tokens: 4")
                .replace("every_steps: 500", "every_steps: 1")
                .replace("limit: 400", "limit: 10")
                .replace(".txt.gz", ".txt")
                .replace("../shared/data/babi-dialog", dir.resolve("babi").toString());
        return Files.writeString(dir.resolve(name), small);
    }

    private static String done(String... args) {
        Command command = Command.run(args);
        assertThat(command.status()).as(command.err()).isZero();
        return command.out();
    }

    @Test
    void a_folder_of_any_texts_is_learned_with_its_own_tokenizer() throws Exception {
        Path corpus = Files.createDirectories(dir.resolve("corpus/more"));
        Files.writeString(corpus.resolve("a.txt"), "a long train goes to the sea, and comes back\n".repeat(40));
        Files.writeString(
                corpus.resolve("../b.jsonl"), "{\"text\": \"the sea is far, the train is long\"}\n".repeat(40));
        String run = dir.resolve("run").toString();
        done("train", example("pretrain.yaml").toString(), "--set", "data.dir=" + dir.resolve("corpus"), "--out", run);
        assertThat(dir.resolve("run/samples.jsonl")).isNotEmptyFile();
        assertThat(done("evaluate", run)).contains("perplexity");

        // What it answers with is what it learned with, whatever becomes of the folder.
        String said = done("generate", run, "--prompt", "the sea", "--max-new-tokens", "5");
        Files.writeString(corpus.resolve("a.txt"), "quite other words stand here now\n".repeat(90));
        assertThat(done("generate", run, "--prompt", "the sea", "--max-new-tokens", "5"))
                .isEqualTo(said);
        String tokenizer = Files.readString(dir.resolve("run/tokenizer/tokenizer.json"));
        assertThat(done("evaluate", run)).as("other texts in its own tokens").contains("perplexity");
        assertThat(dir.resolve("run/tokenizer/tokenizer.json")).hasContent(tokenizer);
    }

    @Test
    void what_a_model_of_dialogues_says_wrong_is_rejected_by_dpo() throws Exception {
        Path data = Files.createDirectories(dir.resolve("babi"));
        String dialogues = """
                1 hi\thello what can i help you with today
                2 can you book a table in rome\ti'm on it
                3 <SILENCE>\tapi_call rome

                """.repeat(12);
        for (String part : new String[] {"trn", "dev"}) {
            Files.writeString(data.resolve("dialog-babi-task1-API-calls-" + part + ".txt"), dialogues);
        }
        Path out = dir.resolve("out");
        done("run", example("dpo.yaml").toString(), "--out", out.toString());
        assertThat(out.resolve("pairs/pairs.jsonl")).content().hasLineCount(10);
        assertThat(out.resolve("measured.txt")).content().contains("rewards/accuracies");
    }
}
