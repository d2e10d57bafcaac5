package dev.jumbo.data.source;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.ForeignKinds;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.ExampleStream;
import dev.jumbo.data.Transform;
import dev.jumbo.data.sets.Joined;
import dev.jumbo.data.sets.MixedStream;
import dev.jumbo.data.sets.Mixture;
import dev.jumbo.error.InputException;
import dev.jumbo.error.IoProblem;
import dev.jumbo.files.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Several sources, whose training examples are a {@link Mixture}; what they have for validation and testing stands one behind the other. */
@Kind("mix")
@Doc("Several sources whose training examples are mixed by weight, evenly and for any number of epochs.")
public record MixSource(
        @Doc("The sources and their weights.") List<Source> sources,

        @Doc("Training examples of an epoch; by default as many as the sources have together.")
        @Default("null")
        @Nullable
        Integer epochExamples)
        implements DataSource {
    /** One of the sources. */
    public record Source(
            @Doc("Where the examples come from.") DataSource dataset,

            @Doc("The directory of its files; by default data.dir.") @Default("null") @Nullable
            Path dir,

            @Doc("Its share of what training sees, beside the weights of the others.")
            double weight) {}

    public MixSource {
        sources = List.copyOf(sources);
        if (sources.isEmpty()) {
            throw new InputException("mix: expected one source or more, received none");
        }
    }

    @Override
    public DataParts load(@Nullable Path dir, Path out) {
        List<DataParts> loaded = new ArrayList<>();
        Map<Path, String> made = new HashMap<>();
        for (Source source : sources) {
            DataParts parts = ForeignKinds.given(
                    source.dataset().load(source.dir() == null ? dir : source.dir(), out), source.dataset(), "load");
            if (parts.fit() != null) {
                throw new InputException(
                        "mix: expected sources of examples that need no encoding of their own, received"
                                + " a table; make one table of them, and weigh its rows by a column (table: {weight: COLUMN})");
            }
            requireUnchanged(parts.train(), made);
            loaded.add(parts);
        }
        if (loaded.stream().anyMatch(parts -> parts.train() instanceof ExampleStream)) {
            return streams(loaded);
        }
        List<Mixture.Component> train = new ArrayList<>();
        for (int i = 0; i < loaded.size(); i++) {
            train.add(Mixture.part(loaded.get(i).train(), sources.get(i).weight()));
        }
        Mixture mixture = Mixture.of(train);
        return DataParts.of(
                epochExamples == null ? mixture : mixture.epochOf(epochExamples),
                joined(loaded, DataParts::validation),
                joined(loaded, DataParts::test));
    }

    /** Two sources that each train a tokenizer write the same file; ids of the first mean nothing in the second. @param made hashes of files by their places */
    private static void requireUnchanged(Dataset examples, Map<Path, String> made) {
        for (Transform transform : examples.madeBy().values()) {
            for (Path file : transform.files()) {
                try {
                    String hash = Sha256.of(file);
                    String before = made.put(file, hash);
                    if (before != null && !before.equals(hash)) {
                        throw new InputException("mix: expected one tokenizer for all sources, received one that each"
                                + " trains on its own texts in " + file + "; train one first (jumbo tokenizer train)"
                                + " and name its folder by pretrained in each");
                    }
                } catch (IOException e) {
                    throw new InputException("cannot read " + file + ": " + IoProblem.of(e), e);
                }
            }
        }
    }

    private DataParts streams(List<DataParts> loaded) {
        if (epochExamples != null) {
            throw new InputException("mix.epoch_examples: expected none for streams, received " + epochExamples
                    + "; set train.steps_per_epoch");
        }
        List<MixedStream.Component> train = new ArrayList<>();
        for (int i = 0; i < loaded.size(); i++) {
            if (!(loaded.get(i).train() instanceof ExampleStream stream)) {
                throw new InputException(
                        "mix: expected streams alone or datasets alone, received both; write the files of" + " source "
                                + (i + 1) + " as JSON lines, and read them by a stream");
            }
            train.add(MixedStream.part(stream, sources.get(i).weight()));
        }
        return DataParts.of(
                MixedStream.of(train), joined(loaded, DataParts::validation), joined(loaded, DataParts::test));
    }

    private static @Nullable Dataset joined(List<DataParts> loaded, Function<DataParts, @Nullable Dataset> part) {
        List<Dataset> there = loaded.stream().map(part).filter(Objects::nonNull).toList();
        return there.isEmpty() ? null : there.size() == 1 ? there.get(0) : Joined.inOrder(there);
    }
}
