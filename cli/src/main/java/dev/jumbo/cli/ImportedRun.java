package dev.jumbo.cli;

import dev.jumbo.data.Field;
import dev.jumbo.data.NoPreprocessing;
import dev.jumbo.models.language.HuggingFaceModel;
import dev.jumbo.models.language.LanguageModel;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.Manifest;
import dev.jumbo.train.checkpoint.ModelFile;
import dev.jumbo.train.checkpoint.ModelWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A model that was read, as a run with one checkpoint and a {@code run.yaml} that names the model. */
final class ImportedRun {
    private ImportedRun() {}

    /** @throws dev.jumbo.error.InputException if there is a run already */
    static Checkpoint write(HuggingFaceModel read, Path run) {
        LanguageModel model = read.model();
        List<Field> inputs = model.inputs();
        ModelFile described = new ModelFile(
                ModelFile.FORMAT,
                inputs,
                inputs,
                model.targets(),
                new NoPreprocessing(inputs.get(0).elements()),
                model.loss(),
                model.layer(),
                null,
                List.of(),
                null,
                Map.of(),
                Map.of(),
                read.files(),
                null,
                null);
        List<Safetensors.Source> weights = new ArrayList<>();
        TensorSource source = read.weights();
        source.tensors()
                .forEach((name, stored) ->
                        weights.add(new Safetensors.Source(name, stored.dtype(), stored.shape(), stored.read())));
        Manifest.Origin origin = Manifest.Origin.of(source.where(), source.files(), weights.size(), List.of());
        Checkpoint made = ModelWriter.write(run, described, weights, origin);
        Output.write(
                run.resolve(RunFolder.CONFIGURATION), RunConfig.imported(model).yaml());
        return made;
    }
}
