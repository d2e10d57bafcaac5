package dev.jumbo.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.config.YamlFile;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.Kinds;
import dev.jumbo.train.optim.ClipByNorm;
import dev.jumbo.train.optim.ClipByValue;
import dev.jumbo.train.optim.GradientRule;
import dev.jumbo.train.optim.Optimizers;
import dev.jumbo.train.optim.StepGradients;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GradientRuleTest {
    @TempDir
    Path directory;

    private TrainerBuilder trainer(String run) {
        return Trainer.of(Layers.dense(2))
                .optimizer(Optimizers.sgd(0.5))
                .epochs(2)
                .batchSize(8)
                .seed(3)
                .saveTo(directory.resolve(run));
    }

    private static float[] weights(Checkpoint checkpoint) {
        try (Scope scope = Scope.open();
                var model = checkpoint.load()) {
            return model.store().values().toFloats();
        }
    }

    @Test
    void the_limits_are_rules_with_the_same_bits() {
        float[] limits = weights(
                trainer("limits").maxGradValue(0.05).maxGradNorm(0.04).build().fit(Moons.of(64, 1)));
        float[] rules = weights(trainer("rules")
                .gradientRules(new ClipByValue(0.05), new ClipByNorm(0.04))
                .build()
                .fit(Moons.of(64, 1)));
        float[] none = weights(trainer("none").build().fit(Moons.of(64, 1)));
        assertThat(rules).isEqualTo(limits).isNotEqualTo(none);
    }

    /** Adds what it draws, and remembers that. */
    private record Noise(List<Double> drawn) implements GradientRule {
        @Override
        public void step(StepGradients gradients, RandomState random) {
            SplittableRandom generator = random.generator();
            double noise = generator.nextDouble() * 0.01;
            drawn.add(noise);
            gradients.parts().forEach(part -> part.add_(noise));
        }
    }

    @Test
    void what_a_rule_draws_depends_on_seed_and_step_alone() {
        List<Double> first = new ArrayList<>();
        List<Double> second = new ArrayList<>();
        float[] a = weights(trainer("a").gradientRules(new Noise(first)).build().fit(Moons.of(64, 1)));
        float[] b =
                weights(trainer("b").gradientRules(new Noise(second)).build().fit(Moons.of(64, 1)));
        assertThat(first).hasSize(16).doesNotHaveDuplicates().isEqualTo(second);
        assertThat(a).isEqualTo(b);
    }

    @Test
    void files_name_rules() {
        TrainConfig config = Kinds.records()
                .read(
                        TrainConfig.class,
                        YamlFile.parse(
                                "run.yaml", "max_grad_norm: 2\ngradient_rules: [{clip_by_norm: 0.5}, clip_by_value]"));
        assertThat(config.allGradientRules())
                .containsExactly(new ClipByNorm(2), new ClipByNorm(0.5), new ClipByValue(1));
        assertThatThrownBy(() -> Kinds.records()
                        .read(TrainConfig.class, YamlFile.parse("run.yaml", "gradient_rules: [clip_by_norms]")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("clip_by_norm");
    }
}
