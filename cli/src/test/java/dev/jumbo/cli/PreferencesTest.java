package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code jumbo preferences}: from a model of chats to the pairs that DPO learns from. */
class PreferencesTest {
    @TempDir
    private Path dir;

    private String chats;
    private String tuned;

    @BeforeEach
    void model() throws Exception {
        chats = Files.writeString(dir.resolve("chats.jsonl"), """
                {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes."}]}
                {"messages": [{"role": "user", "content": "And"}, {"role": "assistant", "content": "No."}, {"role": "user", "content": "Why"}, {"role": "assistant", "content": "So."}]}
                """.repeat(4)).toString();
        Path yaml = Files.writeString(dir.resolve("chat.yaml"), """
                data: {dataset: {chats: {train: [%s], tokenizer: bytes, template: plain, context: 64}}}
                model: {name: {gpt2: {vocabulary: 257, context: 64, width: 16, layers: 1, heads: 2, dropout: 0.0}}}
                train: {epochs: 1, batch_size: 8, seed: 1}
                """.formatted(chats));
        tuned = dir.resolve("tuned").toString();
        Command train = Command.run("train", yaml.toString(), "--out", tuned);
        assertThat(train.status()).as(train.err()).isZero();
    }

    @Test
    void answers_other_than_the_chats_are_the_rejected_ones_and_dpo_learns_from_them() throws Exception {
        Path out = dir.resolve("pairs");
        Command made = Command.run(
                "preferences",
                tuned,
                chats,
                "--max-new-tokens",
                "4",
                "--limit",
                "6",
                "--json",
                "--out",
                out.toString());
        assertThat(made.status()).as(made.err()).isZero();
        assertThat(made.out()).contains("\"asked\":6", "\"pairs\":6", "\"left_out\":0");
        List<String> lines = Files.readAllLines(out.resolve("pairs.jsonl"));
        assertThat(lines).hasSize(6);
        assertThat(lines.get(2))
                .startsWith(
                        "{\"prompt\":[{\"role\":\"user\",\"content\":\"And\"},{\"role\":\"assistant\",\"content\":\"No.\"},"
                                + "{\"role\":\"user\",\"content\":\"Why\"}],\"chosen\":[{\"role\":\"assistant\",\"content\":\"So.\"}],"
                                + "\"rejected\":[{\"role\":\"assistant\"");

        Path dpo = Files.writeString(dir.resolve("dpo.yaml"), """
                data: {dataset: {preferences: {train: [%s], tokenizer: bytes, template: plain, context: 64}}}
                model: {name: {gpt2: {vocabulary: 257, context: 64, width: 16, layers: 1, heads: 2, dropout: 0.0}}}
                train: {init_from: %s, objective: {dpo: {beta: 0.1}}, epochs: 8, batch_size: 6, optimizer: {adamw: {learning_rate: 0.01}}}
                """.formatted(out, tuned));
        Path aligned = dir.resolve("aligned");
        Command train = Command.run("train", dpo.toString(), "--out", aligned.toString());
        assertThat(train.status()).as(train.err()).isZero();
        List<String> epochs = Files.readAllLines(aligned.resolve("metrics.jsonl"));
        assertThat(epochs.get(epochs.size() - 1)).contains("\"rewards/accuracies\":1.0");
    }

    @Test
    void what_does_not_fit_is_counted_and_nothing_is_written_without_a_pair() {
        Path out = dir.resolve("pairs");
        Command none = Command.run("preferences", tuned, chats, "--max-new-tokens", "60", "--out", out.toString());
        assertThat(none.status()).isEqualTo(2);
        assertThat(none.err()).contains("12 are left out");
        assertThat(out.resolve("pairs.jsonl")).doesNotExist();
        Command limit = Command.run("preferences", tuned, chats, "--limit", "0", "--out", out.toString());
        assertThat(limit.status()).isEqualTo(2);
        assertThat(limit.err()).contains("a limit of 1 pair or more");
    }

    @Test
    void an_answer_of_parts_is_refused_with_its_place_and_not_passed_over() throws Exception {
        Path parts = Files.writeString(dir.resolve("parts.jsonl"), """
                {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": [{"type": "text", "text": "Yes."}]}]}
                """);
        Path out = dir.resolve("none");
        Command made = Command.run("preferences", tuned, parts.toString(), "--out", out.toString());
        assertThat(made.status()).isNotZero();
        assertThat(made.err()).contains("parts.jsonl, line 1", "message 1", "a list of parts");
        assertThat(out.resolve("pairs.jsonl")).doesNotExist();
    }
}
