package dev.jumbo.serve.model;

import dev.jumbo.data.Column;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.table.encode.RowJson;
import dev.jumbo.data.table.encode.RowReader;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.serve.limits.Limits;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.SequenceRows;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the bodies of {@code predict} requests to a model. @param limits what one request may ask for */
public record PredictBody(ServedModel model, Limits limits) {
    /**
     * Reads a body.
     *
     * @param json whether it is JSON, or a file
     * @throws InputException if the model does not take it, or it is more than the limits allow
     */
    public ServedModel.Asked read(byte[] body, boolean json) {
        RowReader table = model.predictor().rows();
        if (json && table != null) {
            return rows(RowJson.read(body), table);
        }
        if (model.predictor().takesRecords()) {
            return records(body, json);
        }
        if (json && model.predictor().takesNumbersByName() && RowJson.isLikely(body)) {
            RowJson given = RowJson.read(body);
            return prepared(
                    model.predictor().numbersByName(given.rows()), given.rows().size(), given.list());
        }
        if (model.predictor().takesSequences()) {
            if (!json) {
                throw new InputException(
                        "expected a JSON list for \"" + first().name() + "\", or a list of such lists");
            }
            return sequences(SequenceRows.read(body, first()));
        }
        if (model.inputs().size() != 1) {
            throw new InputException("expected an infer request: this model has "
                    + model.inputs().size() + " inputs");
        }
        if (!json && model.free(first().name()) != null) {
            return new ServedModel.Asked(sized(List.of(body)), false);
        }
        if (json && PictureJson.isLikely(body)) {
            PictureJson given = PictureJson.read(body, first().name());
            return new ServedModel.Asked(read(given.pictures()).request(), given.list());
        }
        if (!json) {
            limits.requirePicture(body);
        }
        if (model.free(first().name()) != null) {
            throw new InputException(
                    "expected a picture, or an infer request, which says the sizes of \"" + first().name() + "\"");
        }
        RawReader.Examples examples = (json ? model.rows() : model.images()).readAll(body, first());
        return prepared(examples.values(), examples.rows(), examples.list());
    }

    /** Reads several files, pictures or what else the model's only input is. */
    public ServedModel.Asked read(List<byte[]> files) {
        Predictor predictor = model.predictor();
        if (predictor.rows() != null
                || predictor.takesSequences()
                || model.inputs().size() != 1) {
            throw new InputException("expected JSON: this model takes no files");
        }
        limits.requireRows(files.size());
        limits.requirePictures(files);
        Field field = first();
        if (predictor.takesRecords()) {
            if (field.meaning() instanceof Meaning.Text) {
                throw new InputException(
                        "expected a JSON object with \"" + field.name() + "\", or a list of such objects");
            }
            List<Map<String, byte[]>> rows =
                    files.stream().map(file -> Map.of(field.name(), file)).toList();
            return raw(predictor.rawColumns(rows), true);
        }
        if (model.free(field.name()) != null) {
            return new ServedModel.Asked(sized(files), true);
        }
        int each = field.elements();
        double[] values = new double[Math.multiplyExact(each, files.size())];
        for (int i = 0; i < files.size(); i++) {
            try {
                System.arraycopy(model.images().read(files.get(i), field), 0, values, i * each, each);
            } catch (InputException e) {
                throw new InputException("file " + i + ": " + e.getMessage(), e);
            }
        }
        return prepared(values, files.size(), true);
    }

    private ServedModel.Request sized(List<byte[]> files) {
        files.forEach(limits::requirePicture);
        return SizedInputs.pictures(model, files, limits);
    }

    private Field first() {
        return model.inputs().get(0);
    }

    private ServedModel.Asked rows(RowJson given, RowReader table) {
        int rows = given.rows().size();
        limits.requireRows(rows);
        requireKnown(given, table);
        RowReader.Read read = table.read(given.rows());
        read.requireAll(row -> rows == 1 ? "" : "row " + row);
        List<?> inputs = List.of(model.predictor().prepare(read.values(), rows));
        return new ServedModel.Asked(new ServedModel.Request(inputs, rows, read.warnings()), given.list());
    }

    private ServedModel.Asked prepared(double[] values, int rows, boolean list) {
        limits.requireRows(rows);
        List<?> inputs = List.of(model.predictor().prepare(values, rows));
        return new ServedModel.Asked(new ServedModel.Request(inputs, rows, List.of()), list);
    }

    /** Texts, files and numbers by the names of the raw inputs, or one file as it is. */
    private ServedModel.Asked records(byte[] body, boolean json) {
        if (json) {
            RowJson given = RowJson.records(body);
            limits.requireRows(given.rows().size());
            return raw(model.predictor().rawColumns(given.rows()), given.list());
        }
        if (model.inputs().size() != 1 || first().meaning() instanceof Meaning.Text) {
            throw new InputException("expected a JSON object with "
                    + model.inputs().stream().map(Field::name).toList() + ", or a list of such objects");
        }
        return raw(model.predictor().rawColumns(List.of(Map.of(first().name(), body))), false);
    }

    private ServedModel.Asked sequences(SequenceRows given) {
        limits.requireRows(given.rows().size());
        return raw(List.of(SequenceRows.column(first(), given.rows())), given.list());
    }

    private ServedModel.Asked raw(List<Column> columns, boolean list) {
        limits.requirePictures(columns);
        return new ServedModel.Asked(
                new ServedModel.Request(
                        columns, columns.get(0).rows(), model.predictor().rawWarnings(columns)),
                list);
    }

    /** A key that no column of training has is likely a misspelt one. */
    private static void requireKnown(RowJson given, RowReader table) {
        if (table.encoding().columns().isEmpty()) {
            return; // An old model, which does not say what columns its table had beside the inputs.
        }
        Set<String> known = new LinkedHashSet<>(table.known());
        for (int i = 0; i < given.rows().size(); i++) {
            for (String column : given.rows().get(i).keySet()) {
                if (!known.contains(column)) {
                    throw new InputException((given.list() ? "row " + i + ": " : "") + "unknown column \"" + column
                            + "\"" + Nearest.hint(column, table.columns()));
                }
            }
        }
    }
}
