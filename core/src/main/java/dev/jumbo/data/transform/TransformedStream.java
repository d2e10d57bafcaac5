package dev.jumbo.data.transform;

import dev.jumbo.data.Example;
import dev.jumbo.data.ExampleStream;
import dev.jumbo.data.Field;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.data.Transform;
import dev.jumbo.data.boxes.PictureMap;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.RandomState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A stream of raw values, seen through its transforms: each example is transformed when it comes. */
final class TransformedStream implements ExampleStream {
    private final ExampleStream raw;
    private final OpenTransforms open;
    private final Map<String, Transform> applied;
    private final List<Integer> boxes;

    TransformedStream(ExampleStream raw, OpenTransforms open, Map<String, Transform> applied) {
        this.raw = raw;
        this.open = open;
        this.applied = applied;
        boxes = Boxes.of(open, raw.targets());
    }

    List<Field> rawInputs() {
        return open.raw();
    }

    Map<String, Transform> applied() {
        return applied;
    }

    @Override
    public Flow flow(@Nullable RandomState seed, long place) {
        Flow flow = raw.flow(seed, place);
        return new Flow() {
            private long at = place;

            @Override
            public Example next() {
                Example example = flow.next();
                int inputs = open.raw().size();
                try {
                    List<Object> values =
                            new ArrayList<>(open.applyAll(example.values().subList(0, inputs)));
                    values.addAll(
                            example.values().subList(inputs, example.values().size()));
                    follow(example.values().subList(0, inputs), values);
                    at++;
                    return new Example(values, example.weight());
                } catch (InputException e) {
                    throw new InputException("example " + at + " of the stream: " + e.getMessage(), e);
                }
            }

            @Override
            public void close() {
                flow.close();
            }
        };
    }

    /** Boxes go where their picture went. @param raw inputs @param values behind the transforms, with the targets */
    private void follow(List<Object> raw, List<Object> values) {
        if (boxes.isEmpty()) {
            return;
        }
        PictureMap map = open.placed(raw);
        for (int field : boxes) {
            float[] moved = ((float[]) values.get(field)).clone();
            map.apply(moved, 0, moved.length / PictureMap.VALUES);
            values.set(field, moved);
        }
    }

    @Override
    public long pass() {
        return raw.pass();
    }

    @Override
    public List<Field> inputs() {
        return open.outputs();
    }

    @Override
    public List<Field> targets() {
        return raw.targets();
    }

    @Override
    public boolean isWeighted() {
        return raw.isWeighted();
    }

    @Override
    public Map<String, Transform> madeBy() {
        return raw.madeBy();
    }

    @Override
    public Preprocessing preprocessing() {
        return Preprocessing.none(inputs().get(0).unit());
    }

    @Override
    public String fingerprint() {
        return raw.fingerprint();
    }

    @Override
    public String toString() {
        return raw + " through " + applied.keySet();
    }
}
