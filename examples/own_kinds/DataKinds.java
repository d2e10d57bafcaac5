package own;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.config.KindProvider;
import dev.jumbo.data.Augmentation;
import dev.jumbo.data.Field;
import dev.jumbo.data.Transform;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.table.Table;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.metrics.Predictions;
import dev.jumbo.train.metrics.RowMetric;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;

/** A transform of two fields, a metric, an augmentation and a cleaning step in a jar of their own: see names.yaml. */
public final class DataKinds implements KindProvider {
    @Override
    public Collection<Class<?>> kinds() {
        return List.of(Likeness.class, Misses.class, Negative.class, DecimalComma.class);
    }

    /** How alike two texts are: letters that they begin with alike, and that each has, as shares of those of the longest training text. */
    @Kind("likeness")
    public record Likeness(
            @Doc("The two columns.") List<String> of,
            @Doc("Letters of the longest text; 0: found out in training.") @Default("0") int longest)
            implements Transform {
        @Override
        public List<String> reads(String name) {
            return of;
        }

        @Override
        public List<Field> rawFields(String name) {
            return of.stream().map(Field::text).toList();
        }

        @Override
        public List<Field> outputs(String name, List<Field> raw) {
            return List.of(Field.floats(name, Shape.of(3)));
        }

        @Override
        public Likeness fitAll(List<Field> raw, Iterable<List<Object>> training) {
            int most = 1;
            for (List<Object> texts : training) {
                most = Math.max(most, Math.max(((byte[]) texts.get(0)).length, ((byte[]) texts.get(1)).length));
            }
            return new Likeness(of, most);
        }

        @Override
        public Opened openAll(List<Field> raw) {
            return texts -> {
                String a = new String((byte[]) texts.get(0), StandardCharsets.UTF_8);
                String b = new String((byte[]) texts.get(1), StandardCharsets.UTF_8);
                int alike = 0;
                while (alike < Math.min(a.length(), b.length()) && a.charAt(alike) == b.charAt(alike)) {
                    alike++;
                }
                float most = longest;
                return List.of(new float[] {alike / most, a.length() / most, b.length() / most});
            };
        }
    }

    /** The share of rows whose class is not the right one. */
    @Kind("misses")
    public record Misses() implements RowMetric {
        @Override
        public String name() {
            return "misses";
        }

        @Override
        public boolean higherIsBetter() {
            return false;
        }

        @Override
        public double of(Predictions predictions, int row) {
            return predictions.predicted(row) == predictions.target(row) ? 0 : 1;
        }
    }

    /** Light and dark change places in some images. */
    @Kind("negative")
    public record Negative(@Doc("In how many.") @Default("0.5") double probability) implements Augmentation {
        @Override
        public void apply(float[] values, int offset, Shape image, SplittableRandom random) {
            if (random.nextDouble() < probability) {
                for (int i = offset; i < offset + image.elements(); i++) {
                    values[i] = 255 - values[i];
                }
            }
        }
    }

    /** {@code 12,5} becomes {@code 12.5}. */
    @Kind("decimal_comma")
    public record DecimalComma(@Doc("Columns.") List<String> columns) implements CleaningStep {
        @Override
        public void apply(Table table, Edits edits) {
            for (int column : CleaningStep.positions(table, columns)) {
                for (int row = 0; row < table.rows(); row++) {
                    String text = table.columns().get(column).text(row);
                    if (text != null && text.matches("-?\\d+,\\d+")) {
                        edits.set(row, column, text.replace(',', '.'), "decimal comma");
                    }
                }
            }
        }
    }
}
