package dev.jumbo.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.config.Components;
import dev.jumbo.config.YamlFile;
import dev.jumbo.config.YamlText;
import dev.jumbo.data.split.Fold;
import dev.jumbo.data.split.RandomSplit;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.adapt.Lora;
import dev.jumbo.nn.generate.GenerationConfig;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.nn.weights.NameRule;
import dev.jumbo.nn.weights.ParameterGroup;
import dev.jumbo.train.callbacks.EarlyStopping;
import dev.jumbo.train.callbacks.NonFiniteGuard;
import dev.jumbo.train.callbacks.Samples;
import dev.jumbo.train.checkpoint.Kinds;
import dev.jumbo.train.metrics.Metrics;
import dev.jumbo.train.objective.OutputLoss;
import dev.jumbo.train.objective.Phase;
import dev.jumbo.train.objective.Supervised;
import dev.jumbo.train.optim.ClipByNorm;
import dev.jumbo.train.optim.ClipByValue;
import dev.jumbo.train.optim.GradientRule;
import dev.jumbo.train.optim.Optimizers;
import dev.jumbo.train.optim.Schedules;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Every setting of {@link TrainConfig}, on each way by which one can say it. */
class SettingsTest {
    /** A value for a component that is not its default, and how the builder is told it. */
    private record Setting(Object value, UnaryOperator<TrainerBuilder> set) {}

    /** All that can be set together; {@code fold} excludes {@code test_split}. */
    private static final Map<String, Setting> SETTINGS = settings();

    private static Map<String, Setting> settings() {
        Map<String, Setting> all = new LinkedHashMap<>();
        var optimizer = Optimizers.sgd(0.25);
        all.put("optimizer", new Setting(optimizer, b -> b.optimizer(optimizer)));
        all.put("learningRate", new Setting(0.0125, b -> b.learningRate(0.0125)));
        var schedule = Schedules.cosine();
        all.put("schedule", new Setting(schedule, b -> b.schedule(schedule)));
        var loss = Losses.huber(0.5);
        all.put("loss", new Setting(loss, b -> b.loss(loss)));
        var losses = Map.of("a", new OutputLoss(Losses.mse(), 0.3));
        all.put("losses", new Setting(losses, b -> b.losses(losses)));
        var objective = new Supervised(losses);
        all.put("objective", new Setting(objective, b -> b.objective(objective)));
        var phase = new Phase("one", "one", objective, Optimizers.sgd(0.5), 2);
        all.put("phases", new Setting(List.of(phase), b -> b.phases(phase)));
        var metrics = List.of(Metrics.meanAbsoluteError());
        all.put("metrics", new Setting(metrics, b -> b.metrics(Metrics.meanAbsoluteError())));
        all.put("targetScaling", new Setting(TargetScaling.STANDARD, b -> b.targetScaling(TargetScaling.STANDARD)));
        all.put("epochs", new Setting(21, b -> b.epochs(21)));
        all.put("batchSize", new Setting(22, b -> b.batchSize(22)));
        all.put("tokensPerBatch", new Setting(26, b -> b.tokensPerBatch(26)));
        all.put("bucketing", new Setting(false, b -> b.bucketing(false)));
        all.put("padToMultipleOf", new Setting(8, b -> b.padToMultipleOf(8)));
        all.put("validationBatchSize", new Setting(23, b -> b.validationBatchSize(23)));
        all.put("gradientAccumulation", new Setting(24, b -> b.gradientAccumulation(24)));
        all.put("validationSplit", new Setting(0.11, b -> b.validationSplit(0.11)));
        all.put("testSplit", new Setting(0.12, b -> b.testSplit(0.12)));
        var split = new RandomSplit();
        all.put("split", new Setting(split, b -> b.split(split)));
        var fold = new Fold(1, 5);
        all.put("fold", new Setting(fold, b -> b.fold(fold)));
        all.put("stepsPerEpoch", new Setting(29, b -> b.stepsPerEpoch(29)));
        all.put("maxSteps", new Setting(31, b -> b.maxSteps(31)));
        all.put("shuffle", new Setting(false, b -> b.shuffle(false)));
        all.put("dropLast", new Setting(true, b -> b.dropLast(true)));
        all.put("seed", new Setting(25L, b -> b.seed(25)));
        all.put("recompute", new Setting(true, b -> b.recompute(true)));
        all.put("precision", new Setting(TrainConfig.Precision.BF16, b -> b.precision(TrainConfig.Precision.BF16)));
        all.put("maxGradNorm", new Setting(1.1, b -> b.maxGradNorm(1.1)));
        all.put("maxGradValue", new Setting(1.2, b -> b.maxGradValue(1.2)));
        List<GradientRule> rules = List.of(new ClipByNorm(0.7), new ClipByValue(0.8));
        all.put("gradientRules", new Setting(rules, b -> b.gradientRules(rules.toArray(new GradientRule[0]))));
        var group = ParameterGroup.scaled("layers.0.*", 0.1).weightDecay(0.2);
        all.put("parameterGroups", new Setting(List.of(group), b -> b.parameterGroups(group)));
        all.put("initFrom", new Setting("runs/before", b -> b.initFrom(Path.of("runs/before"))));
        List<NameRule> names = List.of(
                NameRule.rename("a\\.(\\d+)", "b.$1"),
                NameRule.transpose("b"),
                NameRule.split("c", 1, List.of(2L, 3L), List.of("d", "e")),
                NameRule.join(List.of("f", "g"), -1, "h"),
                NameRule.drop("i"));
        all.put("initMap", new Setting(names, b -> b.initMap(names.toArray(new NameRule[0]))));
        all.put("initMissing", new Setting(List.of("head.*"), b -> b.initMissing("head.*")));
        all.put("initDiffering", new Setting(List.of("epsilon"), b -> b.initDiffering("epsilon")));
        var kept = KeptPreprocessing.Choice.KEEP;
        Lora lora = Lora.of(5, 6, "layers.0");
        all.put("adapter", new Setting(lora, b -> b.adapter(lora)));
        all.put("initPreprocessing", new Setting(kept, b -> b.initPreprocessing(kept)));
        all.put("l1", new Setting(0.31, b -> b.penalty(0.31, 0)));
        all.put("l2", new Setting(0.32, b -> b.penalty(b.config().l1(), 0.32)));
        all.put("emaDecay", new Setting(0.91, b -> b.emaDecay(0.91)));
        all.put("monitor", new Setting("mae", b -> b.monitor("mae")));
        var stopping = new EarlyStopping.Settings("val_mae", 3, 0.5, EarlyStopping.Mode.MIN);
        all.put("earlyStopping", new Setting(stopping, b -> b.earlyStopping(stopping)));
        var guard = new NonFiniteGuard.Settings(3, 50, 2);
        all.put("guard", new Setting(guard, b -> b.guard(guard)));
        var checkpoints = new TrainConfig.Checkpoints(7, 9, 11);
        all.put("checkpoints", new Setting(checkpoints, b -> b.checkpoints(checkpoints)));
        all.put("logEverySteps", new Setting(26, b -> b.logEverySteps(26)));
        Samples.Settings samples = new Samples.Settings(27, "once", GenerationConfig.greedy(28));
        all.put("samples", new Setting(samples, b -> b.samples(samples)));
        all.put("tensorboard", new Setting(true, b -> b.tensorboard(true)));
        all.put("device", new Setting("cuda:1", b -> b.device("cuda:1")));
        all.put("loaderThreads", new Setting(27, b -> b.loaderThreads(27)));
        var distributed = new DistributedConfig(DistributedConfig.Strategy.ZERO1, true, 3.5, 6, 31, 4, 2);
        all.put("distributed", new Setting(distributed, b -> b.distributed(distributed)));
        return all;
    }

    private static TrainerBuilder builder() {
        return Trainer.of(Layers.dense(1));
    }

    private static String[] names() {
        return Arrays.stream(TrainConfig.class.getRecordComponents())
                .map(RecordComponent::getName)
                .toArray(String[]::new);
    }

    /** The components in which a configuration differs from the defaults. */
    private static Map<String, Object> changes(TrainConfig config) {
        Map<String, Object> changes = new LinkedHashMap<>();
        Components<TrainConfig> all = Components.of(config);
        Components<TrainConfig> usual = Components.of(TrainConfig.defaults());
        for (String name : names()) {
            Object value = all.get(name);
            if (value == null ? usual.get(name) != null : !value.equals(usual.get(name))) {
                changes.put(name, value);
            }
        }
        return changes;
    }

    @Test
    void this_test_knows_every_setting() {
        assertThat(SETTINGS.keySet()).containsExactlyInAnyOrder(names());
    }

    @Test
    void each_setting_of_the_builder_arrives_and_changes_no_other() {
        SETTINGS.forEach((name, setting) -> assertThat(
                        changes(setting.set().apply(builder()).config()))
                .containsExactlyEntriesOf(Map.of(name, setting.value())));
    }

    @Test
    void each_setting_of_a_configuration_arrives_and_changes_no_other() {
        SETTINGS.forEach((name, setting) -> {
            TrainConfig config = Components.of(TrainConfig.defaults())
                    .with(name, setting.value())
                    .record();
            assertThat(changes(builder().config(config).config()))
                    .containsExactlyEntriesOf(Map.of(name, setting.value()));
        });
    }

    @Test
    void each_setting_of_a_file_arrives_and_changes_no_other() {
        SETTINGS.forEach((name, setting) -> {
            TrainConfig config = Components.of(TrainConfig.defaults())
                    .with(name, setting.value())
                    .record();
            JsonNode tree = Kinds.records().write(TrainConfig.class, config);
            String key = snake(name);
            JsonNode one = tree.deepCopy();
            ((ObjectNode) one).retain(key);
            TrainConfig read = Kinds.records().read(TrainConfig.class, YamlFile.parse("run.yaml", YamlText.yaml(one)));
            assertThat(changes(read)).containsExactlyEntriesOf(Map.of(name, setting.value()));
        });
    }

    @Test
    void settings_that_are_made_one_after_the_other_all_stay() {
        TrainerBuilder builder = builder();
        Components<TrainConfig> expected = Components.of(TrainConfig.defaults());
        for (Map.Entry<String, Setting> each : SETTINGS.entrySet()) {
            if (!List.of("fold", "losses", "objective", "phases").contains(each.getKey())) {
                builder = each.getValue().set().apply(builder);
                expected = expected.with(each.getKey(), each.getValue().value());
            }
        }
        assertThat(builder.config()).isEqualTo(expected.record());
    }

    @Test
    void a_value_out_of_its_range_is_the_callers_mistake() {
        assertThatThrownBy(() -> builder().epochs(0).config())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("epochs: expected 1 or more, received 0");
        for (double rate : new double[] {Double.POSITIVE_INFINITY, Double.NaN, 0}) {
            assertThatThrownBy(() -> builder().learningRate(rate).config())
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("learning_rate: expected a finite number above 0, received " + rate);
        }
    }

    @Test
    void a_component_that_there_is_not_is_refused() {
        assertThatThrownBy(() -> Components.of(TrainConfig.defaults()).with("epoch", 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TrainConfig has no component epoch");
    }

    private static String snake(String name) {
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
