package dev.jumbo.cli;

import dev.jumbo.config.Kind;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Normalizer;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.data.transform.Transformed;
import dev.jumbo.models.language.HuggingFace;
import dev.jumbo.models.language.LanguageModel;
import dev.jumbo.nn.FlatOrder;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.weights.NamePattern;
import dev.jumbo.nn.weights.ParameterGroups;
import dev.jumbo.tensor.Specs;
import dev.jumbo.train.TrainConfig;
import dev.jumbo.train.checkpoint.BaseWeights;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.ModelFile;
import dev.jumbo.train.objective.Phase;
import dev.jumbo.train.optim.Optimizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jumbo summary}: layers, shapes, parameters and costs, before a byte is allocated. */
@Command(
        name = "summary",
        description = "Show the layers of a configuration or a run, with parameters, FLOPs and memory.")
final class Summary extends Verb {
    @Parameters(
            index = "0",
            paramLabel = "FILE|RUN|DIR",
            description = "A configuration, the directory of a run, or a Hugging Face directory.")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path source;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A value over the file's. May be repeated.")
    private List<String> settings = List.of();

    @Override
    void run() {
        if (HuggingFace.isOne(source)) {
            LanguageModel model = HuggingFace.model(source);
            show(model.layer(), Field.specs(model.inputs()), ParameterGroups.none(), null);
            return;
        }
        if (Files.isDirectory(source)) {
            ModelFile model = Checkpoint.best(source).description();
            BaseWeights base = model.base();
            TrainConfig trained = RunFolder.isRun(source)
                    ? RunFolder.open(source, settings).config().train()
                    : null;
            show(model.model(), model.specs(), base == null ? ParameterGroups.none() : base.parameterGroups(), trained);
            return;
        }
        RunConfig config = RunConfig.read(source, settings);
        TrainConfig training = config.train();
        DataParts loaded = config.load(Scratch.directory("jumbo-summary-"));
        Stages.check(config, loaded);
        DataParts data = loaded.divide(training.split(), training.shares(), training.fold(), training.seed());
        Dataset train = Transformed.fitted(data.train());
        Normalizer normalizer = config.data().normalization();
        Preprocessing preprocessing = data.fit() != null
                ? data.fit().apply(train)
                : normalizer == null ? train.preprocessing() : normalizer.fit(train);
        Specs inputs = Field.specs(training.inputs(preprocessing.outputs(train.inputs()), train.targets()));
        show(training.adapter().in(config.layer(), inputs), inputs, training.groups(), training);
    }

    /** @param training null where nothing says how the model is trained */
    private void show(Layer layer, Specs inputs, ParameterGroups groups, @Nullable TrainConfig training) {
        dev.jumbo.nn.Summary summary = dev.jumbo.nn.Summary.of(layer, inputs);
        if (training == null) {
            out().print(summary);
            return;
        }
        FlatOrder order = FlatOrder.of(layer, inputs, groups);
        long trained = FlatOrder.count(order.trainable());
        boolean averages = training.emaDecay() != null;
        out().print(summary.text(
                optimizers(training) + (averages ? " and averaged weights" : ""),
                trained,
                kept(training, order.trainable()) + (averages ? trained : 0)));
        if (!order.frozen().isEmpty()) {
            out().printf(
                            Locale.ROOT,
                            "Frozen:      %,d of these parameters, so that %,d are trained%n",
                            FlatOrder.count(order.frozen()),
                            trained);
        }
    }

    private static String optimizers(TrainConfig training) {
        Set<String> kinds = new LinkedHashSet<>();
        training.phases().forEach(phase -> kinds.add(kind(optimizer(phase, training))));
        return String.join(" and ", kinds.isEmpty() ? Set.of(kind(training.optimizer())) : kinds) + "'s state";
    }

    /** Values that the optimizers keep between steps: of phases each of the parameters that it trains. */
    private static long kept(TrainConfig training, List<Parameter> trainable) {
        if (training.phases().isEmpty()) {
            return training.optimizer().slots() * FlatOrder.count(trainable);
        }
        long kept = 0;
        for (Phase phase : training.phases()) {
            NamePattern trains = NamePattern.of(phase.trains());
            kept += optimizer(phase, training).slots()
                    * FlatOrder.count(trainable.stream()
                            .filter(parameter -> trains.matches(parameter.name()))
                            .toList());
        }
        return kept;
    }

    private static Optimizer optimizer(Phase phase, TrainConfig training) {
        return phase.optimizer() == null ? training.optimizer() : phase.optimizer();
    }

    private static String kind(Optimizer optimizer) {
        Kind kind = optimizer.getClass().getAnnotation(Kind.class);
        return kind == null ? optimizer.getClass().getSimpleName() : kind.value();
    }
}
