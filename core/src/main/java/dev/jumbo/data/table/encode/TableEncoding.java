package dev.jumbo.data.table.encode;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.data.clean.RowCleaner;
import dev.jumbo.data.table.read.CsvFile;
import dev.jumbo.data.table.read.TableSource;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a table as feature vectors {@code [F]}: fitted by a {@link TableEncoder} on the training split, saved with the
 * model. It knows the columns, so that a prediction can be asked for with a row of texts.
 */
@Kind("table")
public record TableEncoding(
        @Doc("Columns and target of the raw table.") TableLayout layout,
        @Doc("Texts that stand for a missing value.") List<String> missing,
        @Doc("One for each input column.") List<TableFeature> features,

        @Doc("All columns of the raw table; empty where they are not known.") @Default("[]")
        List<String> columns,

        @Doc("How the raw table's texts are written, without its path; null where it was no file of texts.")
        @Default("null")
        @Nullable
        CsvFile format,

        @Doc("What cleaning does to single rows, with training's figures in it; null for nothing.")
        @Default("null")
        @Nullable
        RowCleaner clean,

        @Doc("Columns of each input of the model, in the order of the layout; empty where it has one input of all.")
        @Default("{}")
        Map<String, List<String>> groups)
        implements Preprocessing {
    /** Stands for the path of a table that is read later. */
    private static final Path NO_PATH = Path.of("-");

    /** An encoding that knows nothing of the file. */
    public TableEncoding(TableLayout layout, List<String> missing, List<TableFeature> features) {
        this(layout, missing, features, List.of(), null, null, Map.of());
    }

    public TableEncoding {
        columns = List.copyOf(columns);
        missing = List.copyOf(missing);
        features = List.copyOf(features);
        groups = InputGroups.inOrder(groups, layout);
        if (features.size() != layout.inputs().size()) {
            throw new InputException("expected a feature for each of "
                    + layout.inputs().size() + " columns, received " + features.size());
        }
    }

    /** This for raw rows of a table like another: with its columns, of a CSV file its format, and its cleaning. */
    public TableEncoding of(List<String> rawColumns, TableSource source, RowCleaner cleaner) {
        CsvFile file = source instanceof CsvFile csv ? csv.withPath(NO_PATH) : null;
        return new TableEncoding(layout, missing, features, rawColumns, file, cleaner, groups);
    }

    /** This for a model of several inputs. @param columns of each input, in the order of the layout's */
    public TableEncoding grouped(Map<String, List<String>> columns) {
        return new TableEncoding(layout, missing, features, this.columns, format, clean, columns);
    }

    /** Number of features. */
    public int width() {
        return features.stream().mapToInt(TableFeature::width).sum();
    }

    /** For messages: {@code  in the column price: 1e39}. @param position of one of the features */
    public String describe(int position, double[] raw) {
        int at = 0;
        for (int i = 0; i < features.size(); i++) {
            at += features.get(i).width();
            if (position < at) {
                return " in the column " + layout.inputs().get(i).name() + ": " + raw[i];
            }
        }
        return "";
    }

    @Override
    public List<Field> outputs(List<Field> raw) {
        int received = raw.get(0).elements();
        if (received != features.size()) {
            throw new InputException("expected rows of " + features.size() + " columns, received " + received);
        }
        Field all = Field.floats("features", Shape.of(width()));
        return List.of(groups.isEmpty() ? all : new Field(all.name(), all.spec(), parts()));
    }

    private Meaning parts() {
        List<Meaning.Parts.Part> parts = new ArrayList<>();
        int at = 0;
        for (Map.Entry<String, List<String>> group : groups.entrySet()) {
            int width = 0;
            for (int i = 0; i < group.getValue().size(); i++) {
                width += features.get(at++).width();
            }
            parts.add(new Meaning.Parts.Part(group.getKey(), width));
        }
        return new Meaning.Parts(parts);
    }

    /** {@inheritDoc} The arrays must be different ones. */
    @Override
    public void apply(float[] raw, int rawOffset, float[] out, int outOffset) {
        double[] wide = new double[features.size()];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = raw[rawOffset + i];
        }
        apply(wide, 0, out, outOffset);
    }

    @Override
    public void apply(double[] raw, int rawOffset, float[] out, int outOffset) {
        int at = outOffset;
        for (int i = 0; i < features.size(); i++) {
            TableFeature feature = features.get(i);
            feature.encode(raw[rawOffset + i], out, at);
            for (int end = at + feature.width(); at < end; at++) {
                if (!Float.isFinite(out[at])) {
                    throw new InputException("expected a number of the size of those in training for "
                            + layout.inputs().get(i).name() + ", received " + raw[rawOffset + i]);
                }
            }
        }
    }

    /**
     * Raw values of one row given by column name, as of a JSON object or a CSV line. Columns that are left out are
     * missing; the target is not needed.
     *
     * @throws InputException if a column is not known (with the nearest one), or a number is none
     */
    public double[] raw(Map<String, String> row) {
        Map<String, String> present = new LinkedHashMap<>();
        row.forEach((name, text) -> {
            if (!missing.contains(text.strip())) {
                present.put(name, text.strip());
            }
        });
        return layout.raw(present);
    }
}
