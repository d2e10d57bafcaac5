package dev.jumbo.data.sets;

import dev.jumbo.data.Example;
import dev.jumbo.data.ExampleStream;
import dev.jumbo.data.Field;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.data.Transform;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.RandomState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Streams mixed by weight: any stretch has the shares to within an example or two, and each stream goes through its own examples
 * in its own order, pass after pass.
 *
 * <pre>{@code
 * MixedStream.of(MixedStream.part(web, 0.7), MixedStream.part(books, 0.3))
 * }</pre>
 */
public final class MixedStream implements ExampleStream {
    private final List<ExampleStream> streams;
    private final double[] shares;
    private final List<Field> inputs;
    private final List<Field> targets;

    /** One of the streams. @param weight its share beside those of the others, above 0 */
    public record Component(ExampleStream stream, double weight) {
        public Component {
            if (!(weight > 0) || Double.isInfinite(weight)) {
                throw new InputException(
                        "mix: expected weights above 0, received " + weight + "; leave a stream of weight 0 out");
            }
        }
    }

    private MixedStream(List<Component> parts) {
        if (parts.isEmpty()) {
            throw new InputException("mix: expected one stream or more, received none");
        }
        streams = parts.stream().map(Component::stream).toList();
        shares = Strides.shares(parts.stream().mapToDouble(Component::weight).toArray());
        inputs = SameFields.of(streams, false);
        targets = SameFields.of(streams, true);
        for (ExampleStream stream : streams) {
            if (!stream.transforms().equals(transforms())) {
                throw new InputException("mix: expected streams that need the same transforms, received " + transforms()
                        + " and " + stream.transforms());
            }
            SameFields.requireSameMaking(streams.get(0), stream);
        }
    }

    /** A stream and its weight. */
    public static Component part(ExampleStream stream, double weight) {
        return new Component(stream, weight);
    }

    /** @throws InputException if the streams have different fields, naming the first that differs */
    public static MixedStream of(Component... parts) {
        return new MixedStream(List.of(parts));
    }

    /** As {@link #of(Component...)}. */
    public static MixedStream of(List<Component> parts) {
        return new MixedStream(parts);
    }

    @Override
    public Flow flow(@Nullable RandomState seed, long place) {
        Strides strides = new Strides(shares, place);
        List<Flow> flows = new ArrayList<>();
        try {
            for (int i = 0; i < shares.length; i++) {
                RandomState own = seed == null ? null : seed.derive("mix").derive(i);
                flows.add(streams.get(i).flow(own, strides.drawn(i)));
            }
        } catch (RuntimeException e) {
            flows.forEach(Flow::close);
            throw e;
        }
        return new Flow() {
            @Override
            public Example next() {
                return flows.get(strides.draw()).next();
            }

            @Override
            public void close() {
                flows.forEach(Flow::close);
            }
        };
    }

    @Override
    public List<Field> inputs() {
        return inputs;
    }

    @Override
    public List<Field> targets() {
        return targets;
    }

    /** Those of streams without weights are 1. */
    @Override
    public boolean isWeighted() {
        return streams.stream().anyMatch(ExampleStream::isWeighted);
    }

    @Override
    public Map<String, Transform> madeBy() {
        return SameFields.madeBy(streams);
    }

    @Override
    public Preprocessing preprocessing() {
        return streams.get(0).preprocessing();
    }

    @Override
    public Map<String, Transform> transforms() {
        return streams.get(0).transforms();
    }

    @Override
    public String fingerprint() {
        return streams.stream().map(ExampleStream::fingerprint).collect(Collectors.joining("+")) + "[shares "
                + Arrays.toString(shares) + "]";
    }

    @Override
    public String toString() {
        return "mix of " + streams;
    }
}
