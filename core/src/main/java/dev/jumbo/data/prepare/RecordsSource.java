package dev.jumbo.data.prepare;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Transform;
import dev.jumbo.data.sets.WeightedDataset;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.data.source.DataSource;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.read.TableSource;
import dev.jumbo.data.transform.RawDataset;
import dev.jumbo.error.InputException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows whose inputs are texts, or names of files with pictures or sounds: each has the transform that makes a tensor of it.
 *
 * @param inputs by column, or by what is made of several columns; the first is the main input of the model
 */
@Kind("records")
@Doc(
        "Rows whose inputs are texts, or names of image or sound files, each with the transform that makes a tensor of it.")
public record RecordsSource(
        @Doc("Where the training rows are.") TableSource train,

        @Doc("Where the validation rows are.") @Default("null") @Nullable
        TableSource validation,

        @Doc("Where the test rows are.") @Default("null") @Nullable
        TableSource test,

        @Doc("The transform of each input, by its column, or by a name for what it makes of several.")
        Map<String, Transform> inputs,

        @Doc("The column that is predicted.") String target,

        @Doc("What is predicted: class, number, or box: [left, top, right, bottom] in pixels of the picture.")
        @Default("class")
        Predicted predicted,

        @Doc("A column that says what each row counts in the loss, 0 or more.") @Default("null") @Nullable
        String weight)
        implements DataSource {
    /** What the values of the target are. */
    public enum Predicted {
        /** Names of classes. */
        CLASS,
        /** Numbers. */
        NUMBER,
        /** One box on the picture, as {@code [left, top, right, bottom]} in its pixels; it follows the picture's transform. */
        BOX
    }

    public RecordsSource {
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        if (inputs.isEmpty() || RawColumns.of(inputs).containsKey(target)) {
            throw new InputException("records: expected a transform for each of one or more input columns, and a target"
                    + " beside them, received the inputs " + inputs.keySet() + " and the target " + target);
        }
    }

    /** @param dir what names of files are relative to; the current directory if null */
    @Override
    public DataParts load(@Nullable Path dir, Path out) {
        Table learned = LeftOut.read(train, out, "train");
        RecordTarget predictions = predicted == Predicted.CLASS
                ? RecordTarget.classes(learned, target)
                : new RecordTarget(target, List.of(), predicted == Predicted.BOX);
        return DataParts.of(
                dataset(learned, train.name(), dir, predictions),
                part(validation, out, "validation", dir, predictions),
                part(test, out, "test", dir, predictions));
    }

    private @Nullable Dataset part(
            @Nullable TableSource source, Path out, String name, @Nullable Path dir, RecordTarget predictions) {
        return source == null ? null : dataset(LeftOut.read(source, out, name), source.name(), dir, predictions);
    }

    private Dataset dataset(Table table, String from, @Nullable Path dir, RecordTarget predictions) {
        Dataset rows = RawDataset.of(
                RecordDataset.of(table, from, inputs, dir == null ? Path.of("") : dir, predictions.of(table, from)),
                inputs);
        return weight == null || !table.names().contains(weight)
                ? rows
                : WeightedDataset.of(rows, TableWeights.of(table, weight));
    }
}
