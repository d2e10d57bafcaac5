package dev.jumbo.serve.fuzz;

import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.table.ColumnType;
import dev.jumbo.data.table.encode.CategoryFeature;
import dev.jumbo.data.table.encode.NumberFeature;
import dev.jumbo.data.table.encode.RowReader;
import dev.jumbo.data.table.encode.TableEncoding;
import dev.jumbo.data.table.encode.TableLayout;
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.Predictor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model of each kind of input, which computes nothing. */
public final class FakeModels {
    /** Numbers, a picture, a row of a table, ids of tokens, texts, pictures in files, two inputs. */
    public static final List<ServedModel> ALL = List.of(
            model(Field.floats("row", Shape.of(4))),
            model(Field.floats("image", Shape.of(1, 4, 4))),
            model(table(), Field.doubles("row", Shape.of(2))),
            model(Field.tokens("tokens", 100, 0, 16)),
            model(Field.text("text")),
            model(Field.bytes("picture", new Meaning.Image())),
            model(Field.floats("a", Shape.of(2)), Field.ids("b", Shape.of(3))));

    private FakeModels() {}

    private static RowReader table() {
        return new RowReader(new TableEncoding(
                new TableLayout(
                        List.of(
                                new TableLayout.Input("age", ColumnType.NUMBER, List.of()),
                                new TableLayout.Input("plan", ColumnType.CATEGORY, List.of("basic", "gold"))),
                        new TableLayout.Target("left", List.of("no", "yes"))),
                List.of("", "?"),
                List.of(
                        new NumberFeature(40, false, 1, 0, List.of(), false),
                        new CategoryFeature(List.of(0, 1), 2, -1, 3))));
    }

    private static ServedModel model(Field... inputs) {
        return model(null, inputs);
    }

    private static ServedModel model(@Nullable RowReader table, Field... inputs) {
        return ServedModel.of("m", "1", new Fake(table, List.of(inputs)));
    }

    private record Fake(@Nullable RowReader rows, List<Field> rawInputs) implements Predictor {
        @Override
        public List<Field> inputs() {
            return rawInputs;
        }

        @Override
        public List<Field> outputs() {
            return List.of(new Field("probabilities", Shape.of(2), DType.FLOAT32, List.of("no", "yes")));
        }

        @Override
        public List<float[]> predict(List<?> inputs, int rows) {
            return List.of(new float[2 * rows]);
        }

        @Override
        public float[] prepare(float[] raw) {
            return raw.clone();
        }

        @Override
        public void close() {}
    }
}
