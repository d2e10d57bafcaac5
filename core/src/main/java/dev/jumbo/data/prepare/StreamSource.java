package dev.jumbo.data.prepare;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Examples;
import dev.jumbo.data.Transform;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.data.source.DataSource;
import dev.jumbo.data.stream.StreamDataset;
import dev.jumbo.data.transform.RowForm;
import dev.jumbo.data.transform.RowNumbers;
import dev.jumbo.error.InputException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON lines that are read while the model trains: numbers or ids of tokens, and a class, a number or the next ids to learn. */
@Kind("stream")
@Doc("JSON lines that are read while the model trains, of any number: set train.steps_per_epoch or max_steps.")
public record StreamSource(
        @Doc("The files of the training examples, in this order: paths, or patterns such as part-*.jsonl of a"
                + " directory, by name; gzip is recognised.")
        List<String> train,

        @Doc("The files of the validation examples, which are read into memory.") @Default("[]")
        List<String> validation,

        @Doc("The files of the test examples, which are read into memory.") @Default("[]")
        List<String> test,

        @Doc("Keys of numbers, which together are the input.") @Default("[]")
        List<String> numbers,

        @Doc("The key of a list of ids, which is the input.") @Default("null") @Nullable
        String tokens,

        @Doc("How many ids there are: they are from 0 to this less one.") @Default("0")
        long vocabulary,

        @Doc("The id that fills up short lists; a mask says where.") @Default("0")
        long padding,

        @Doc("The most ids of an example; a longer list is an error.") @Default("512")
        int maxLength,

        @Doc("Whether longer lists lose their ends instead.") @Default("false")
        boolean truncate,

        @Doc("The key that is predicted: one of the classes, or a number; by default the id that follows each.")
        @Default("null")
        @Nullable
        String target,

        @Doc("The classes of the target, in order; empty where it is a number.") @Default("[]")
        List<String> classes,

        @Doc("A key that says what each example counts, 0 or more.") @Default("null") @Nullable
        String weight,

        @Doc("Examples of a block, which are in memory and shuffled among themselves; 1 for the order of the files.")
        @Default("10000")
        int shuffleBuffer,

        @Doc(
                "In the place of numbers and tokens: the transform of each input, by its key, or by a name for what it makes of several.")
        @Default("{}")
        Map<String, Transform> inputs)
        implements DataSource {
    public StreamSource {
        train = List.copyOf(train);
        validation = List.copyOf(validation);
        test = List.copyOf(test);
        numbers = List.copyOf(numbers);
        classes = List.copyOf(classes);
        require(!train.isEmpty(), "train", "one file or more", "none");
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        int kinds = (numbers.isEmpty() ? 0 : 1) + (tokens == null ? 0 : 1) + (inputs.isEmpty() ? 0 : 1);
        require(kinds == 1, "numbers", "one of numbers, tokens and inputs", kinds + " of them");
        require(tokens == null || vocabulary >= 1, "vocabulary", "the number of ids", vocabulary);
        require(maxLength >= 1, "max_length", "1 or more", maxLength);
        require(target != null || tokens != null, "target", "a key", "none, which goes with tokens alone");
        require(target != null || classes.isEmpty(), "classes", "none without a target", classes);
    }

    private static void require(boolean holds, String key, String expected, Object received) {
        if (!holds) {
            throw new InputException("stream." + key + ": expected " + expected + ", received " + received);
        }
    }

    @Override
    public DataParts load(@Nullable Path dir, Path out) {
        return DataParts.of(stream(train, dir), held(validation, dir), held(test, dir));
    }

    /** Rows that are asked for by name have numbers as the files have them. */
    private Map<String, Transform> transforms() {
        List<String> targets = target == null ? List.of() : List.of(target);
        Map<String, Transform> all = new LinkedHashMap<>(inputs);
        all.replaceAll((name, transform) -> transform instanceof RowNumbers numbers
                ? numbers.withRows(new RowForm(List.of(), List.of(), targets, null, null))
                : transform);
        return all;
    }

    private @Nullable Dataset held(List<String> files, @Nullable Path dir) {
        return files.isEmpty() ? null : Examples.all(stream(files, dir));
    }

    private StreamDataset stream(List<String> patterns, @Nullable Path dir) {
        JsonExamples read = new JsonExamples(this, dir == null ? Path.of("") : dir);
        List<Path> files = StreamFiles.of(patterns, dir);
        StreamDataset stream = StreamDataset.of(read.inputs(), read.targets(), read.source(files))
                .shuffleBuffer(shuffleBuffer)
                .through(transforms());
        return weight == null ? stream : stream.weighted();
    }
}
