package dev.jumbo.data.prepare;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.data.clean.Cleaned;
import dev.jumbo.data.clean.Cleaner;
import dev.jumbo.data.clean.CleaningAgreement;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.RowCleaner;
import dev.jumbo.data.clean.steps.MissingValues;
import dev.jumbo.data.profile.RowKeys;
import dev.jumbo.data.profile.TableProfile;
import dev.jumbo.data.sets.WeightedDataset;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.data.source.DataSource;
import dev.jumbo.data.table.ColumnType;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.encode.InputGroups;
import dev.jumbo.data.table.encode.TableDataset;
import dev.jumbo.data.table.encode.TableEncoder;
import dev.jumbo.data.table.encode.TableEncoding;
import dev.jumbo.data.table.encode.TableLayout;
import dev.jumbo.data.table.read.Quarantine;
import dev.jumbo.data.table.read.TableSource;
import dev.jumbo.error.InputException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tables for training and testing, with the repairs that both get and the encoding that is fitted on the training split.
 */
@Kind("table")
public record TableData(
        @Doc("Where the training table is.") TableSource train,

        @Doc("Where the test table is.") @Default("null") @Nullable
        TableSource test,

        @Doc("Column name to number, category, text, boolean or ignore; others are found out.") @Default("{}")
        Map<String, ColumnType> columns,

        @Doc("The column that is predicted.") @Default("null") @Nullable
        String target,

        @Doc("Repairs in order.") @Default("[]") List<CleaningStep> clean,
        @Doc("How columns become features.") @Default("{}") TableEncoder encode,

        @Doc("Changes shown in the report for each reason and column.") @Default("3")
        int samples,

        @Doc("A clean copy of the training table to compare with.") @Default("null") @Nullable
        CleanCopy compare,

        @Doc("Whether columns of numbers that only name a row are left out where columns does not name them: 1, 2, 3 in"
                + " the order of the rows, or whole numbers, each once, under a name such as id or nr.")
        @Default("true")
        boolean leaveOutKeys,

        @Doc(
                "Columns of each input of a model with several, by the input's name; one input of all columns if left out.")
        @Default("{}")
        Map<String, List<String>> inputs,

        @Doc(
                "Columns that are predicted where there are several, one for each output of the model, in place of target.")
        @Default("[]")
        List<String> targets,

        @Doc("A column that says what each row counts in the loss, 0 or more; no input. Only ratios matter.")
        @Default("null")
        @Nullable
        String weight)
        implements DataSource {
    /** Where records of the training table go that cannot be read. */
    public static final String MALFORMED_TRAIN = "malformed-train.csv";

    private static final Logger LOG = LoggerFactory.getLogger(TableData.class);

    /** Likewise, of the test table. */
    public static final String MALFORMED_TEST = "malformed-test.csv";

    /** Keys are left out. */
    public TableData(
            TableSource train,
            @Nullable TableSource test,
            Map<String, ColumnType> columns,
            @Nullable String target,
            List<CleaningStep> clean,
            TableEncoder encode,
            int samples,
            @Nullable CleanCopy compare) {
        this(train, test, columns, target, clean, encode, samples, compare, true, Map.of(), List.of(), null);
    }

    /** This with another way to treat columns that number the rows. */
    public TableData withLeaveOutKeys(boolean leave) {
        return new TableData(
                train, test, columns, target, clean, encode, samples, compare, leave, inputs, targets, weight);
    }

    public TableData {
        columns = Map.copyOf(columns);
        clean = List.copyOf(clean);
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        targets = List.copyOf(targets);
        if (!targets.isEmpty()) {
            if (target != null && !target.equals(targets.get(0))) {
                throw new InputException("expected target or targets, received both: " + target + " and " + targets);
            }
            if (Set.copyOf(targets).size() < targets.size()) {
                throw new InputException("targets: expected different columns, received " + targets);
            }
            target = targets.get(0);
        }
    }

    /**
     * Reads and cleans the training table; compares it with the clean copy where there is one.
     *
     * @param malformed a CSV file for records that cannot be read
     */
    public Cleaned cleanTrain(Path malformed) {
        Cleaned cleaned = cleaned(train, clean, malformed);
        if (compare == null) {
            return cleaned;
        }
        Table dirty = train.read(Quarantine.counting());
        Table right = compare.source().read(Quarantine.counting());
        CleaningAgreement agreement = CleaningAgreement.of(dirty, cleaned.table(), right, compare.key());
        return cleaned.with(cleaned.report().withAgreement(agreement));
    }

    /** Reads and cleans the test table. @throws InputException if there is none */
    public Cleaned cleanTest(Path malformed) {
        if (test == null) {
            throw new InputException("expected data.test, received none; name the test table");
        }
        return cleaned(test, clean, malformed);
    }

    /** As {@link #cleanTest(Path)}, with what the steps found out from the training table, as rows to be predicted are. */
    public Cleaned cleanTest(Path malformed, Cleaned learned) {
        if (test == null) {
            return cleanTest(malformed);
        }
        return cleaned(test, learned.forRows(), malformed);
    }

    /** What the columns of the cleaned training table are. @throws InputException if no target is named */
    public TableLayout layout(Table cleanedTrain) {
        if (target == null) {
            throw new InputException("expected data.target, received none; name the column to predict");
        }
        Map<String, ColumnType> known = new HashMap<>(columns);
        keys(cleanedTrain).stream()
                .filter(name -> !targets.contains(name))
                .forEach(name -> known.put(name, ColumnType.IGNORE));
        if (weight != null) {
            cleanedTrain.column(weight); // Refuses a name that is none, with the nearest.
            known.put(weight, ColumnType.IGNORE);
        }
        List<String> predicted = targets.isEmpty() ? List.of(target) : targets;
        return InputGroups.sorted(inputs, TableLayout.of(cleanedTrain, known, predicted));
    }

    private Set<String> keys(Table cleaned) {
        return leaveOutKeys ? RowKeys.of(cleaned, columns, target) : Set.of();
    }

    /** Malformed records go to {@code malformed-train.csv} and {@code malformed-test.csv} in {@code out}. */
    @Override
    public DataParts load(@Nullable Path dir, Path out) {
        return load(dir, out, null);
    }

    @Override
    public DataSource keeping(Preprocessing preprocessing) {
        if (preprocessing instanceof TableEncoding encoding) {
            return new KeptTable(this, encoding);
        }
        throw new InputException("init_preprocessing: expected the checkpoint of a table, received one that has none");
    }

    /** @param kept what the columns are to a model that exists; null where that is found out */
    DataParts load(@Nullable Path dir, Path out, @Nullable KeptTable kept) {
        if (dir != null) {
            throw refusing(dir);
        }
        Cleaned learned = cleanTrain(out.resolve(MALFORMED_TRAIN));
        learned.report().requireExpected("train");
        learned.report().requireRows("train");
        new LeftOut(train.name(), learned.report(), out.resolve(MALFORMED_TRAIN))
                .lines()
                .forEach(LOG::warn);
        if (test == null) {
            return parts(learned, null, kept);
        }
        Cleaned tested = cleanTest(out.resolve(MALFORMED_TEST), learned);
        tested.report().requireExpected("test");
        tested.report().requireRows("test");
        new LeftOut(test.name(), tested.report(), out.resolve(MALFORMED_TEST))
                .lines()
                .forEach(LOG::warn);
        return parts(learned, tested, kept);
    }

    /** The mistake of a directory beside the paths of the sources. */
    public static InputException refusing(Path dir) {
        return new InputException("table: the paths are in the sources: remove data.dir, received " + dir);
    }

    /** Columns that a step was to read as numbers or dates and mostly did not: what was found, and what to write. */
    public List<String> unread(Cleaned cleaned) {
        return Unread.of(cleaned, clean).stream().map(Unread::text).toList();
    }

    /** A target of numbers that were not understood would be learned as that many classes. */
    private void requireTarget(Cleaned cleaned, String table) {
        for (String name : targets.isEmpty() && target != null ? List.of(target) : targets) {
            requireTarget(cleaned, table, name);
        }
    }

    private void requireTarget(Cleaned cleaned, String table, String name) {
        ColumnType given = columns.get(name);
        if (given == null || given == ColumnType.NUMBER) {
            Unread.of(cleaned, clean).stream()
                    .filter(unread -> unread.column().equals(name))
                    .findFirst()
                    .ifPresent(unread -> {
                        throw new InputException("expected a target that is understood, received in the " + table
                                + " table " + unread.text());
                    });
        }
    }

    /** The examples of cleaned tables. @throws InputException if no target is named, or it does not fit */
    public DataParts parts(Cleaned learned, @Nullable Cleaned tested) {
        return parts(learned, tested, null);
    }

    private DataParts parts(Cleaned learned, @Nullable Cleaned tested, @Nullable KeptTable kept) {
        requireTarget(learned, "training");
        if (tested != null) {
            requireTarget(tested, "test");
        }
        TableLayout found = layout(learned.table());
        TableLayout layout = kept == null ? found : kept.layout(learned.table(), found);
        Dataset training = weighted(TableDataset.of(learned.table(), layout), learned.table());
        Dataset testing = tested == null ? null : weighted(TableDataset.of(tested.table(), layout), tested.table());
        return new DataParts(
                training,
                null,
                testing,
                fitting(learned, layout, kept),
                text(learned, tested),
                new TableKeys(learned.table(), train.name()));
    }

    /** A table to be measured on need not have the column: its rows count alike then. */
    private Dataset weighted(TableDataset rows, Table table) {
        if (weight == null || !table.names().contains(weight)) {
            return rows;
        }
        return WeightedDataset.of(rows, TableWeights.of(table, weight));
    }

    /** Says what a person should look at when something is learned, once. */
    private Function<Dataset, Preprocessing> fitting(Cleaned learned, TableLayout layout, @Nullable KeptTable kept) {
        AtomicBoolean told = new AtomicBoolean();
        return split -> {
            if (!told.getAndSet(true)) {
                unread(learned).forEach(LOG::warn);
                profile(learned.table()).warnings().forEach(LOG::warn);
                int held = learned.table().rows() - split.size();
                if (held > 0) {
                    learnedFromHeldOut(held).ifPresent(LOG::warn);
                }
            }
            TableEncoding encoding = kept == null ? fit(split, layout) : kept.encoding(layout);
            return encoding.of(learned.raw(), train, rowCleaner(learned, layout));
        };
    }

    /** Steps run before the table is divided, so their means and quantiles are of rows that are held out too. */
    private Optional<String> learnedFromHeldOut(int held) {
        List<String> steps = IntStream.range(0, clean.size())
                .filter(i -> clean.get(i).learnsFromOthers())
                .mapToObj(i -> "step " + (i + 1) + " (" + Cleaner.kind(clean.get(i)) + ")")
                .toList();
        return steps.isEmpty()
                ? Optional.empty()
                : Optional.of("clean: " + String.join(", ", steps) + " took figures of all rows, the " + held
                        + " that are held out for validation or testing included, so what is measured on these may be too"
                        + " good: fill with encode: {fill: mean} (or median), which looks at the training part alone; give"
                        + " bounds that are known by range in place of outliers; or give test rows as a table of their"
                        + " own (test: beside train:)");
    }

    private RowCleaner rowCleaner(Cleaned learned, TableLayout layout) {
        List<String> inputs =
                layout.inputs().stream().map(TableLayout.Input::name).toList();
        return rowCleaner(clean, learned, inputs, target, targets);
    }

    /** What is done to single rows, as far as the inputs of the model are concerned. */
    static RowCleaner rowCleaner(
            List<CleaningStep> clean,
            Cleaned learned,
            List<String> inputs,
            @Nullable String target,
            List<String> targets) {
        // A figure of each column was found where a step names none: the others are not asked of who predicts.
        List<CleaningStep> needed = learned.forRows().stream()
                .filter(step -> clean.contains(step)
                        || !(step instanceof MissingValues filled)
                        || inputs.containsAll(filled.columns()))
                .toList();
        return RowCleaner.of(needed, target, targets);
    }

    /** What the columns of a cleaned table are, and what to look at. */
    public TableProfile profile(Table cleaned) {
        Map<String, ColumnType> types = new HashMap<>(columns);
        targets.stream().skip(1).forEach(other -> types.put(other, ColumnType.IGNORE));
        return TableProfile.of(cleaned, types, target, keys(cleaned));
    }

    /** What was changed in both tables, in lines for people. */
    public static String text(Cleaned learned, @Nullable Cleaned tested) {
        String report = "train: " + learned.report().text();
        return tested == null
                ? report
                : report.stripTrailing() + "\ntest: " + tested.report().text();
    }

    /** Fits the encoding on the training split alone. @param trainSplit a {@link TableDataset} or a part of it */
    public TableEncoding fit(Dataset trainSplit, TableLayout layout) {
        return encode.fit(trainSplit, layout, train.missing()).grouped(inputs);
    }

    private Cleaned cleaned(TableSource source, List<CleaningStep> steps, Path malformed) {
        try (Quarantine quarantine = Quarantine.to(malformed)) {
            Cleaned cleaned = new Cleaner(steps, samples).clean(source.read(quarantine));
            return cleaned.with(cleaned.report().withMalformed(quarantine.reasons()));
        }
    }
}
