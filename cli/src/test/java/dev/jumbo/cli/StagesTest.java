package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code jumbo run} of a file of stages: a tokenizer, a model of it, what it says. */
class StagesTest {
    private static final String STAGES = """
            stages:
              tokens:
                verb: tokenizer train
                arguments: [DIR/corpus.txt]
                options: {type: bpe, vocab-size: 300}
              base:
                verb: train
                config:
                  data:
                    dataset:
                      text: {train: [DIR/corpus.txt], validation_share: 0.2, documents: line, tokenizer: {pretrained: {path: "${tokens}"}}, context: 8}
                  model:
                    name: {gpt2: {vocabulary: 300, context: 8, width: 8, layers: 1, heads: 1}}
                  train: {epochs: EPOCHS, batch_size: 8, seed: 1}
              said:
                verb: generate
                arguments: ["${base}"]
                options: {prompt: [red, blue], max_new_tokens: 3, json: true}
              measured:
                verb: evaluate
                arguments: ["${base}"]
                options: {split: validation}
            """;

    @TempDir
    private Path dir;

    @BeforeEach
    void corpus() throws Exception {
        Files.writeString(
                dir.resolve("corpus.txt"), "red green blue one two three\nblue red two one green\n".repeat(20));
    }

    private Command run(String yaml, String... more) throws Exception {
        Path file = Files.writeString(dir.resolve("life.yaml"), yaml.replace("DIR", dir.toString()));
        String[] all = new String[4 + more.length];
        System.arraycopy(
                new String[] {
                    "run", file.toString(), "--out", dir.resolve("out").toString()
                },
                0,
                all,
                0,
                4);
        System.arraycopy(more, 0, all, 4, more.length);
        return Command.run(all);
    }

    private static String of(int epochs) {
        return STAGES.replace("EPOCHS", Integer.toString(epochs));
    }

    @Test
    void each_stage_takes_what_earlier_ones_wrote() throws Exception {
        Command run = run(of(1));
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).contains("\"prompt\":\"red\"", "\"prompt\":\"blue\"");
        assertThat(dir.resolve("out/tokens/tokenizer.json")).exists();
        assertThat(dir.resolve("out/base/run.yaml")).exists();
        assertThat(dir.resolve("out/said.txt")).content().contains("\"prompt\":\"red\"");

        Command again = run(of(1));
        assertThat(again.status()).isEqualTo(2);
        assertThat(again.err()).contains("give --resume");

        Command resumed = run(of(1), "--resume");
        assertThat(resumed.status()).as(resumed.err()).isZero();
        assertThat(resumed.err()).contains("tokens: done before", "base: done before", "said: done before");
    }

    @Test
    void a_run_that_stopped_goes_on_with_the_stage_that_did() throws Exception {
        Command failed = run(of(1).replace("prompt: [red, blue]", "prompt: \"" + "red ".repeat(40) + "\""));
        assertThat(failed.status()).isEqualTo(2);
        assertThat(failed.err()).contains("said: failed");
        assertThat(dir.resolve("out/said.done.json")).doesNotExist();

        Command mended = run(of(1), "--resume");
        assertThat(mended.status()).as(mended.err()).isZero();
        assertThat(mended.err()).contains("base: done before", "said: done in");
    }

    @Test
    void a_stage_that_is_done_and_was_another_is_refused_with_those_behind_it() throws Exception {
        assertThat(run(of(1)).status()).isZero();
        Command other = run(of(2), "--resume");
        assertThat(other.status()).isEqualTo(2);
        assertThat(other.err()).contains("stages.base", "was another one then", "base.done.json");
        Files.delete(dir.resolve("out/base.done.json"));
        Command half = run(of(2), "--resume");
        assertThat(half.status()).isEqualTo(2);
        assertThat(half.err()).contains("stages.said", "was another one then");
        Files.delete(dir.resolve("out/said.done.json"));
        Files.delete(dir.resolve("out/measured.done.json"));
        Command begun = run(of(2), "--resume");
        assertThat(begun.status()).isEqualTo(2);
        assertThat(begun.err()).contains("stages.base", "begun with another config");
    }

    @Test
    void a_mistake_in_a_late_stage_is_said_before_the_first_one_runs() throws Exception {
        refused(
                of(1).replace("\"${base}\"", "\"${later}\""),
                "stages.said.arguments: expected an earlier stage in ${later}");
        refused(of(1).replace("verb: generate", "verb: generat"), "stages.said", "received \"generat\"");
        refused(of(1).replace("json: true", "jsn: true"), "stages.said", "--jsn");
        refused(of(1).replace("batch_size: 8", "batch_sizes: 8"), "stages.base", "batch_sizes");
        refused(of(1).replace("json: true", "out: x"), "stages.said.options.out", "directory of its name");
        refused(of(1).replace("    verb: generate\n", "    verbs: generate\n"), "stages.said.verbs");
        refused(of(1) + "train: {}\n", "expected the key stages alone");
        refused("stages: {a/b: {verb: doctor}}\n", "expected a name");
        refused("stages: [doctor]\n", "expected commands by name");
    }

    @Test
    void a_dollar_before_a_reference_means_the_text_itself() throws Exception {
        refused(of(1).replace("red, blue", "\"${USER}\""), "write $${USER} where the text itself is meant");
        Command run = run("""
                stages:
                  tokens: {verb: tokenizer train, arguments: [DIR/corpus.txt], options: {type: bytes}}
                  said: {verb: tokenizer encode, arguments: ["${tokens}", "$${tokens} $5 $$"]}
                """);
        assertThat(run.status()).as(run.err()).isZero();
        String ids = "${tokens} $5 $$".chars().mapToObj(Integer::toString).collect(Collectors.joining(" "));
        assertThat(dir.resolve("out/said.txt")).content().isEqualToIgnoringNewLines(ids);
    }

    @Test
    void a_server_is_the_last_stage_or_refused_as_nothing_runs_behind_it() throws Exception {
        String served = "stages:\n  served: {verb: serve, arguments: [DIR]}\n  behind: {verb: doctor}\n";
        refused(served, "stages.served: expected a command that ends", "make it the last stage");
        var commands =
                new StageCommands(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()), false);
        assertThat(commands.ends(List.of("run"), List.of("--keep-serving"))).isFalse();
        assertThat(commands.ends(List.of("train"), List.of())).isTrue();
    }

    @Test
    void what_names_its_file_gets_no_directory() {
        var commands =
                new StageCommands(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()), false);
        assertThat(commands.has(List.of("export"), List.of("run", "--onnx=model.onnx"), "--out"))
                .isFalse();
        assertThat(commands.has(List.of("export"), List.of("run", "--format=hf"), "--out"))
                .isTrue();
    }

    @Test
    void verbs_of_a_single_run_say_what_does_stages() throws Exception {
        Path file = Files.writeString(dir.resolve("life.yaml"), of(1));
        for (String verb : new String[] {"train", "plan", "prepare"}) {
            Command command = Command.run(verb, file.toString());
            assertThat(command.status()).isEqualTo(2);
            assertThat(command.err()).contains("expected a single run, received stages: jumbo run");
        }
    }

    private void refused(String yaml, String... said) throws Exception {
        Command run = run(yaml);
        assertThat(run.status()).as(yaml).isEqualTo(2);
        assertThat(run.err()).contains(said);
        assertThat(dir.resolve("out")).doesNotExist();
    }
}
