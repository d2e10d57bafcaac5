package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code assistant.yaml} with a corpus of a few lines that needs no Spark, and small sizes. */
class AssistantRecipeTest {
    @TempDir
    private Path dir;

    @Test
    void a_whole_life_from_a_corpus_to_an_answer() throws Exception {
        Path data = Files.createDirectories(dir.resolve("babi"));
        String dialogues = """
                1 hi\thello what can i help you with today
                2 can you book a table in rome\ti'm on it
                3 <SILENCE>\tapi_call rome

                1 good morning\thello what can i help you with today
                2 i love paris food\ti'm on it
                3 <SILENCE>\tapi_call paris

                """.repeat(8);
        for (String part : new String[] {"trn", "dev", "tst"}) {
            Files.writeString(data.resolve("dialog-babi-task1-API-calls-" + part + ".txt"), dialogues);
        }
        Path corpus = Files.createDirectories(dir.resolve("corpus"));
        Files.writeString(
                corpus.resolve("documents.txt"),
                "the train to rome leaves at nine, and paris is far away\n".repeat(60));
        String recipe = Files.readString(Path.of("../examples/assistant.yaml"));
        int begin = recipe.indexOf("    corpus:\n");
        int end = recipe.indexOf("    tokenizer:\n");
        String small = (recipe.substring(0, begin) + recipe.substring(end))
                .replace(".txt.gz", ".txt")
                .replace("vocab_size: 4096", "vocab_size: 320")
                .replace("512", "64")
                .replace("hidden_size: 192", "hidden_size: 16")
                .replace("num_hidden_layers: 4", "num_hidden_layers: 1")
                .replaceAll("max_steps: 400.*", "max_steps: 4")
                .replace("epochs: 8", "epochs: 1")
                .replace("max_new_tokens: 32", "max_new_tokens: 4")
                .replace("limit: 400", "limit: 10")
                .replace("${corpus}/documents", corpus.toString())
                .replace("${corpus}", corpus.toString())
                .replace("../shared/data/babi-dialog", data.toString());
        Path file = Files.writeString(dir.resolve("assistant.yaml"), small);
        Path out = dir.resolve("out");

        Command run = Command.run("run", file.toString(), "--out", out.toString());
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(out.resolve("right.txt")).content().contains("answers     right", "tst.txt        48");
        assertThat(out.resolve("pairs/pairs.jsonl")).content().hasLineCount(10);
        assertThat(out.resolve("asked.done.json")).exists();
    }
}
