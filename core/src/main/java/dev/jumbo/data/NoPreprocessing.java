package dev.jumbo.data;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import java.util.List;

/**
 * Raw values as they are.
 *
 * @param values how many an example has
 */
@Kind("none")
public record NoPreprocessing(@Doc("Values of one example.") int values) implements Preprocessing {
    @Override
    public List<Field> outputs(List<Field> raw) {
        return raw.stream().map(Field::narrow).toList();
    }

    @Override
    public void apply(float[] raw, int rawOffset, float[] out, int outOffset) {
        System.arraycopy(raw, rawOffset, out, outOffset, values);
    }
}
