package dev.jumbo.cli;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Normalizer;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.data.transform.Transformed;
import dev.jumbo.models.language.HuggingFace;
import dev.jumbo.models.language.LanguageModel;
import dev.jumbo.nn.Layer;
import dev.jumbo.tensor.Specs;
import dev.jumbo.train.TrainConfig;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.ModelFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
            show(model.layer(), Field.specs(model.inputs()));
            return;
        }
        if (Files.isDirectory(source)) {
            ModelFile model = Checkpoint.best(source).description();
            show(model.model(), model.specs());
            return;
        }
        RunConfig config = RunConfig.read(source, settings);
        TrainConfig training = config.train();
        DataParts loaded = config.load(Path.of(System.getProperty("java.io.tmpdir")));
        Stages.check(config, loaded);
        DataParts data = loaded.divide(training.split(), training.shares(), training.fold(), training.seed());
        Dataset train = Transformed.fitted(data.train());
        Normalizer normalizer = config.data().normalization();
        Preprocessing preprocessing = data.fit() != null
                ? data.fit().apply(train)
                : normalizer == null ? train.preprocessing() : normalizer.fit(train);
        show(config.layer(), Field.specs(preprocessing.outputs(train.inputs())));
    }

    private void show(Layer layer, Specs inputs) {
        out().print(dev.jumbo.nn.Summary.of(layer, inputs));
    }
}
