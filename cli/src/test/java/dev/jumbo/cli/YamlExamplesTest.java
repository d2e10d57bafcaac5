package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Examples in YAML that stand on each other, on less than they were made for. */
class YamlExamplesTest {
    @TempDir
    Path temp;

    private Path train(String example, String name, String... sets) {
        Path run = temp.resolve(name);
        List<String> arguments =
                new ArrayList<>(List.of("train", "../examples/" + example + ".yaml", "--out", run.toString()));
        for (String set : sets) {
            arguments.add("--set");
            arguments.add(set);
        }
        Command command = Command.run(arguments.toArray(String[]::new));
        assertThat(command.status()).as(command.err()).isZero();
        return run;
    }

    @Test
    void a_frozen_backbone_stays_and_the_new_head_learns() {
        Path drawn = train(
                "digits",
                "digits",
                "data.dataset.digits.train=320",
                "data.dataset.digits.test=50",
                "train.epochs=1");
        Path tuned = train(
                "fine_tune",
                "tuned",
                "data={dataset: {digits: {train: 320, test: 50}}, normalization: rescale}",
                "train.init_from=" + drawn,
                "train.epochs=1");
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> before = Checkpoint.best(drawn).weights();
            Map<String, Tensor> after = Checkpoint.best(tuned).weights();
            assertThat(after.keySet()).isEqualTo(before.keySet());
            assertThat(moved(before, after, "layers.0.weight")).isLessThan(4e-3); // bf16 has 8 bits
            assertThat(moved(before, after, "layers.2.weight")).isLessThan(4e-3);
            assertThat(moved(before, after, "layers.6.weight")).isBetween(1e-6, 2e-3);
            assertThat(moved(before, after, "layers.7.weight")).isGreaterThan(0.05);
        }
    }

    private static double moved(Map<String, Tensor> before, Map<String, Tensor> after, String name) {
        Tensor from = Objects.requireNonNull(before.get(name));
        Tensor to = Objects.requireNonNull(after.get(name));
        return to.sub(from).abs().max().item();
    }
}
