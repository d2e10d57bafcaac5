package dev.jumbo.data.prepare;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Column;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Transform;
import dev.jumbo.data.clean.Cleaned;
import dev.jumbo.data.clean.CleaningReport;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.RowCleaner;
import dev.jumbo.data.sets.WeightedDataset;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.data.source.DataSource;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TableColumn;
import dev.jumbo.data.table.read.CsvFile;
import dev.jumbo.data.table.read.TableSource;
import dev.jumbo.data.transform.RawDataset;
import dev.jumbo.data.transform.RowForm;
import dev.jumbo.data.transform.RowNumbers;
import dev.jumbo.error.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows whose inputs are texts, numbers, or names of files with pictures or sounds: each has the transform that makes a tensor of it.
 *
 * @param inputs by column, or by what is made of several columns; the first is the main input of the model
 */
@Kind("records")
@Doc(
        "Rows whose inputs are texts, numbers, or names of image or sound files, each with the transform that makes a tensor of it.")
public record RecordsSource(
        @Doc("Where the training rows are.") TableSource train,

        @Doc("Where the validation rows are.") @Default("null") @Nullable
        TableSource validation,

        @Doc("Where the test rows are.") @Default("null") @Nullable
        TableSource test,

        @Doc("The transform of each input, by its column, or by a name for what it makes of several.")
        Map<String, Transform> inputs,

        @Doc("The column that is predicted.") @Default("null") @Nullable
        String target,

        @Doc("What is predicted: class, number, or box: [left, top, right, bottom] in pixels of the picture.")
        @Default("class")
        Predicted predicted,

        @Doc("A column that says what each row counts in the loss, 0 or more.") @Default("null") @Nullable
        String weight,

        @Doc("Columns that are predicted where there are several, one for each output of the model, each with what it"
                + " is: {score: number, label: class}; in place of target.")
        @Default("{}")
        Map<String, Predicted> targets,

        @Doc("Repairs of the rows in order, as those of a table; texts and names of files that are inputs stay as they"
                + " are.")
        @Default("[]")
        List<CleaningStep> clean)
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

    private static final Logger LOG = LoggerFactory.getLogger(RecordsSource.class);

    public RecordsSource {
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        targets = Collections.unmodifiableMap(new LinkedHashMap<>(targets));
        clean = List.copyOf(clean);
        if ((target == null) == targets.isEmpty()) {
            throw new InputException("records: expected target, or targets where there are several, received "
                    + (target == null ? "neither" : "both"));
        }
        Set<String> read = RawColumns.of(inputs).keySet();
        List<String> columns = target == null ? List.copyOf(targets.keySet()) : List.of(target);
        if (inputs.isEmpty() || columns.stream().anyMatch(read::contains)) {
            throw new InputException("records: expected a transform for each of one or more input columns, and a target"
                    + " beside them, received the inputs " + inputs.keySet() + " and the target "
                    + String.join(", ", columns));
        }
    }

    private Map<String, Predicted> predictions() {
        return target == null ? targets : Map.of(target, predicted);
    }

    /** @param dir what names of files are relative to; the current directory if null */
    @Override
    public DataParts load(@Nullable Path dir, Path out) {
        Path files = dir == null ? Path.of("") : dir;
        Cleaned learned = read(train, clean, out, "train");
        if (weight != null) {
            learned.table().column(weight); // Refuses a name that is none; what is measured on need not have it.
        }
        List<RecordTarget> goals = new ArrayList<>();
        predictions()
                .forEach((name, what) -> goals.add(
                        what == Predicted.CLASS
                                ? RecordTarget.classes(learned.table(), name)
                                : new RecordTarget(name, List.of(), what == Predicted.BOX)));
        Map<String, Transform> transforms = new LinkedHashMap<>(inputs);
        transforms.replaceAll((name, transform) ->
                transform instanceof RowNumbers numbers ? numbers.withRows(form(learned)) : transform);
        if (validation == null && clean.stream().anyMatch(CleaningStep::learnsFromOthers)) {
            LOG.warn("clean: a step takes figures of all rows, those that are held out of train later included; fill"
                    + " numbers by encode: {fill: mean} of their input, or give validation rows of their own");
        }
        return DataParts.of(
                dataset(learned.table(), train.name(), files, goals, transforms),
                part(validation, learned, out, "validation", files, goals, transforms),
                part(test, learned, out, "test", files, goals, transforms));
    }

    private @Nullable Dataset part(
            @Nullable TableSource source,
            Cleaned learned,
            Path out,
            String name,
            Path files,
            List<RecordTarget> goals,
            Map<String, Transform> transforms) {
        return source == null
                ? null
                : dataset(read(source, learned.forRows(), out, name).table(), source.name(), files, goals, transforms);
    }

    private Cleaned read(TableSource source, List<CleaningStep> steps, Path out, String part) {
        Table raw = LeftOut.read(source, out, part);
        if (steps.isEmpty()) {
            return new Cleaned(raw, new CleaningReport(raw.rows(), raw.rows(), 0, Map.of(), List.of(), null));
        }
        Cleaned cleaned = LeftOut.cleaned(raw, source.name(), steps, out, part);
        requireSameTexts(raw, cleaned.table(), source.name());
        return cleaned;
    }

    /** Predictions are asked for with texts and files as they are: a repair that training alone had would go unseen. */
    private void requireSameTexts(Table raw, Table cleaned, String from) {
        for (Field field : RawColumns.of(inputs).values()) {
            if (!field.isBytes()) {
                continue;
            }
            TableColumn before = raw.column(field.name());
            TableColumn after = cleaned.column(field.name());
            int at = 0;
            for (int row = 0; row < cleaned.rows(); row++) {
                while (raw.sourceRow(at) != cleaned.sourceRow(row)) {
                    at++;
                }
                if (!Objects.equals(before.text(at), after.text(row))) {
                    throw new InputException("records.clean: expected steps that leave the texts of " + field.name()
                            + " as they are, which predictions come with; one changed row " + raw.sourceRow(at)
                            + " of " + from + ": name the columns of numbers in the steps");
                }
            }
        }
    }

    private RowForm form(Cleaned learned) {
        List<String> numbers = new ArrayList<>();
        inputs.forEach((name, transform) -> {
            if (transform instanceof RowNumbers own) {
                numbers.addAll(own.reads(name));
            }
        });
        List<String> predicts = List.copyOf(predictions().keySet());
        CsvFile file = train instanceof CsvFile csv ? csv.withPath(Path.of("-")) : null;
        RowCleaner cleaner =
                clean.isEmpty() ? null : TableData.rowCleaner(clean, learned, numbers, predicts.get(0), predicts);
        // Columns that the model does not read are asked for by a step alone.
        return new RowForm(train.missing(), clean.isEmpty() ? List.of() : learned.raw(), predicts, file, cleaner);
    }

    private Dataset dataset(
            Table table, String from, Path files, List<RecordTarget> goals, Map<String, Transform> transforms) {
        List<Column> columns = goals.stream().map(goal -> goal.of(table, from)).toList();
        Dataset rows = RawDataset.of(RecordDataset.of(table, from, transforms, files, columns, clean), transforms);
        return weight == null || !table.names().contains(weight)
                ? rows
                : WeightedDataset.of(rows, TableWeights.of(table, weight));
    }
}
