package dev.jumbo.models.imports;

import dev.jumbo.data.Field;
import dev.jumbo.data.NoPreprocessing;
import dev.jumbo.data.Transform;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.error.IoProblem;
import dev.jumbo.files.Durable;
import dev.jumbo.models.language.LanguageModel;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.text.PretrainedTokens;
import dev.jumbo.text.Tokenizer;
import dev.jumbo.text.TokenizerConfig;
import dev.jumbo.text.transform.TokenizerTransform;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.Manifest;
import dev.jumbo.train.checkpoint.ModelFile;
import dev.jumbo.train.checkpoint.ModelWriter;
import dev.jumbo.train.checkpoint.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes a run with one checkpoint, from which generation, evaluation and training go on, of a model of another program. */
public final class ForeignRun {
    /** The input of models that read whole texts. */
    private static final String TEXT = "text";

    private ForeignRun() {}

    /**
     * Writes it: complete, or nothing at all.
     *
     * @param run a directory that has no run yet
     * @throws InputException if there is one, tensors are missing, left over or of other shapes (all of them are listed), or the tokenizer cannot be
     *     read or has more tokens than the model
     */
    public static Checkpoint write(ImportedModel model, Path run) {
        if (new RunDirectory(run).hasCheckpoint()) {
            throw new InputException("expected a directory without a run for --out, found one at " + run);
        }
        model.check();
        requireKept(model);
        Path files = null;
        try {
            files = Files.createTempDirectory("jumbo-import");
            @Nullable
            TokenizerConfig tokenizer =
                    model.tokenizer() == null ? null : model.tokenizer().write(files);
            Map<String, Path> kept = new LinkedHashMap<>(model.files());
            Path said = files.resolve(ImportedTokenizer.CONFIG);
            if (Files.isRegularFile(said)) {
                kept.put(ImportedTokenizer.CONFIG, said);
            }
            return ModelWriter.write(
                    run, description(model, tokenizer, kept), sources(model.weights()), origin(model.weights()));
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

    /** A tokenizer among the files would be opened when texts are generated: too late to say that it is another model's. */
    private static void requireKept(ImportedModel model) {
        Path folder = folder(model);
        if (folder != null) {
            try {
                require(PretrainedTokens.of(folder), model);
            } catch (InputException e) {
                throw new InputException(
                        folder + ": " + e.getMessage()
                                + "; where there is no other, take the tokenizer's files away and"
                                + " name one where texts are generated (--tokenizer)",
                        e);
            }
        }
    }

    /** Where the tokenizer is that the model's files have; null where they have none. */
    private static @Nullable Path folder(ImportedModel model) {
        for (String name : PretrainedTokens.FILES) {
            Path file = model.files().get(name);
            if (file != null) {
                return file.toAbsolutePath().getParent();
            }
        }
        return null;
    }

    /** Null also where its files do not say which marks stand around a text: then ids are asked for. */
    private static @Nullable TokenizerConfig kept(ImportedModel model) {
        Path folder = folder(model);
        if (folder == null) {
            return null;
        }
        TokenizerConfig found = PretrainedTokens.of(folder).resolved();
        try (Tokenizer opened = found.open()) {
            return opened.marks().count(false) == 0 ? null : found;
        }
    }

    private static void require(TokenizerConfig tokenizer, ImportedModel model) {
        try (Tokenizer opened = tokenizer.open()) {
            opened.requireFits(model.model().vocabSize(), "the model");
        }
    }

    private static ModelFile description(
            ImportedModel imported, @Nullable TokenizerConfig tokenizer, Map<String, Path> kept) {
        LanguageModel model = imported.model();
        List<Field> inputs = model.inputs();
        List<Field> raw = inputs;
        Map<String, Transform> transforms = Map.of();
        if (tokenizer != null) {
            require(tokenizer, imported);
            String name = inputs.get(0).name();
            raw = List.of(Field.text(name));
            transforms = Map.of(
                    name, new TokenizerTransform(tokenizer, model.maxPositionEmbeddings(), false, model.vocabSize()));
        }
        TokenizerConfig own = tokenizer == null && model.readsWholeTexts() ? kept(imported) : null;
        if (own != null) {
            int longest = (int) inputs.get(0).shape().size(0);
            TokenizerTransform marked = new TokenizerTransform(own, longest, false, model.vocabSize()).withMarks();
            raw = List.of(Field.text(TEXT));
            inputs = List.of(marked.output(raw.get(0)));
            transforms = Map.of(TEXT, marked);
        }
        return new ModelFile(
                ModelFile.FORMAT,
                raw,
                inputs,
                imported.targets(),
                new NoPreprocessing(inputs.get(0).elements()),
                model.loss(),
                model.layer(),
                null,
                List.of(),
                null,
                transforms,
                Map.of(),
                kept,
                null,
                null);
    }

    private static Manifest.Origin origin(TensorSource weights) {
        return Manifest.Origin.of(
                weights.where(), weights.files(), weights.tensors().size(), List.of());
    }

    private static List<Safetensors.Source> sources(TensorSource weights) {
        List<Safetensors.Source> sources = new ArrayList<>();
        weights.tensors()
                .forEach((name, stored) ->
                        sources.add(new Safetensors.Source(name, stored.dtype(), stored.shape(), stored.read())));
        return sources;
    }
}
