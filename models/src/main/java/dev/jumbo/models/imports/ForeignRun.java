package dev.jumbo.models.imports;

import dev.jumbo.data.Field;
import dev.jumbo.data.NoPreprocessing;
import dev.jumbo.data.Transform;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.error.IoProblem;
import dev.jumbo.files.Durable;
import dev.jumbo.nn.losses.ClassWeights;
import dev.jumbo.nn.losses.CrossEntropy;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.text.Tokenizer;
import dev.jumbo.text.TokenizerConfig;
import dev.jumbo.text.TokenizerTransform;
import dev.jumbo.train.checkpoint.Manifest;
import dev.jumbo.train.checkpoint.ModelFile;
import dev.jumbo.train.checkpoint.ModelWriter;
import dev.jumbo.train.checkpoint.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes a run with one checkpoint, from which generation, evaluation and training go on, of a model of another program. */
public final class ForeignRun {
    private ForeignRun() {}

    /**
     * Writes it: complete, or nothing at all.
     *
     * @param run a directory that has no run yet
     * @throws InputException if there is one, or tensors are missing, left over or of other shapes: all of them are listed
     */
    public static void write(ImportedModel model, Path run) {
        if (new RunDirectory(run).hasCheckpoint()) {
            throw new InputException("expected a directory without a run for --out, found one at " + run);
        }
        model.check();
        Path files = null;
        try {
            files = Files.createTempDirectory("jumbo-import");
            @Nullable
            TokenizerConfig tokenizer =
                    model.tokenizer() == null ? null : model.tokenizer().write(files);
            ModelWriter.write(run, description(model, tokenizer), sources(model.weights()), origin(model.weights()));
        } catch (IOException e) {
            throw new FailureException("cannot write the model to " + run + ": " + IoProblem.of(e), e);
        } finally {
            delete(files);
        }
    }

    private static void delete(@Nullable Path directory) {
        if (directory != null) {
            try {
                Durable.deleteDirectory(directory);
            } catch (IOException e) {
                throw new FailureException("cannot delete " + directory + ": " + IoProblem.of(e), e);
            }
        }
    }

    private static ModelFile description(ImportedModel model, @Nullable TokenizerConfig tokenizer) {
        Field tokens = Field.tokens("tokens", model.vocabulary(), 0, model.context());
        Field raw = tokens;
        Map<String, Transform> transforms = Map.of();
        if (tokenizer != null) {
            try (Tokenizer opened = tokenizer.open()) {
                if (opened.vocabularySize() > model.vocabulary()) {
                    throw new InputException("expected a tokenizer of at most " + model.vocabulary()
                            + " tokens, as the model has, received one of " + opened.vocabularySize());
                }
            }
            raw = Field.text("tokens");
            transforms =
                    Map.of("tokens", new TokenizerTransform(tokenizer, model.context(), false, model.vocabulary()));
        }
        return new ModelFile(
                ModelFile.FORMAT,
                List.of(raw),
                List.of(tokens),
                List.of(Field.ids("next", tokens.shape()).ragged(model.context())),
                new NoPreprocessing(tokens.elements()),
                new CrossEntropy(0, ClassWeights.of(List.of()), -100, true, -1),
                model.layer(),
                null,
                List.of(),
                null,
                transforms,
                Map.of());
    }

    private static Manifest.Origin origin(TensorSource weights) {
        return Manifest.Origin.of(
                weights.where(), weights.files(), weights.tensors().size(), List.of());
    }

    private static List<Safetensors.Source> sources(TensorSource weights) {
        List<Safetensors.Source> sources = new ArrayList<>();
        weights.finite()
                .tensors()
                .forEach((name, stored) ->
                        sources.add(new Safetensors.Source(name, stored.dtype(), stored.shape(), stored.read())));
        return sources;
    }
}
