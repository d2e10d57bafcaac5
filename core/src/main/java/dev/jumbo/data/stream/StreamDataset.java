package dev.jumbo.data.stream;

import dev.jumbo.data.Example;
import dev.jumbo.data.ExampleStream;
import dev.jumbo.data.Field;
import dev.jumbo.data.Transform;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.RandomState;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Examples that are read as they are needed:
 *
 * <pre>{@code
 * StreamDataset.of(
 *         List.of(Field.floats("x", Shape.of(2))),
 *         List.of(Field.classId("side", List.of("left", "right"))),
 *         () -> records.stream().map(r -> Example.of(r.x(), r.side())).iterator())
 *     .shuffleBuffer(10_000)
 * }</pre>
 *
 * <p>Where the examples end, another pass over them begins, without a break: a batch may have the last ones and the first ones
 * again. Examples are shuffled in blocks of {@link #shuffleBuffer}, each in memory, so an example moves by less than one block;
 * data that is sorted, as by class, should be shuffled before. A resume goes to the block that it was in; what comes before it is
 * passed over, which costs as much as the source's {@link Source#from} does: for the iterator of a {@code Supplier}, making the
 * examples once more.
 */
public final class StreamDataset implements ExampleStream {
    private final List<Field> inputs;
    private final List<Field> targets;
    private final Source source;
    private final int buffer;
    private final boolean weighted;
    private final Map<String, Transform> transforms;
    private final Map<String, Transform> madeBy;
    /** Examples of a pass, known once one has ended. */
    private volatile long pass = -1;

    /** Where examples come from: the same ones in the same order, however often it is asked. */
    public interface Source {
        /** The examples of a pass behind the first ones; none where it has no more than those. */
        Reader from(long examples);

        /** SHA-256 of the content, or a text that names it. */
        default String fingerprint() {
            return "stream";
        }
    }

    /** Examples in order, up to the end of a pass. */
    public interface Reader extends AutoCloseable {
        /** Null at the end. @throws InputException if a record is damaged, naming its file and line */
        @Nullable
        Example next();

        @Override
        default void close() {}
    }

    private StreamDataset(
            List<Field> inputs,
            List<Field> targets,
            Source source,
            int buffer,
            boolean weighted,
            Map<String, Transform> transforms,
            Map<String, Transform> madeBy) {
        if (inputs.isEmpty()) {
            throw new InputException("expected at least one input field, received none");
        }
        this.inputs = List.copyOf(inputs);
        this.targets = List.copyOf(targets);
        this.source = source;
        this.buffer = buffer;
        this.weighted = weighted;
        this.transforms = Collections.unmodifiableMap(new LinkedHashMap<>(transforms));
        this.madeBy = Collections.unmodifiableMap(new LinkedHashMap<>(madeBy));
    }

    /** Examples from a source, in its order. */
    public static StreamDataset of(List<Field> inputs, List<Field> targets, Source source) {
        return new StreamDataset(inputs, targets, source, 1, false, Map.of(), Map.of());
    }

    /** Examples of an iterator that is made anew for each pass; a resume passes over those that it had. */
    public static StreamDataset of(List<Field> inputs, List<Field> targets, Supplier<Iterator<Example>> pass) {
        return ofPosition(inputs, targets, before -> {
            Iterator<Example> all = pass.get();
            for (long i = 0; i < before && all.hasNext(); i++) {
                all.next();
            }
            return all;
        });
    }

    /** Examples of an iterator that can begin behind a number of them. @param from none where a pass has no more than those */
    public static StreamDataset ofPosition(
            List<Field> inputs, List<Field> targets, LongFunction<Iterator<Example>> from) {
        return of(inputs, targets, before -> {
            Iterator<Example> examples = from.apply(before);
            return () -> examples.hasNext() ? examples.next() : null;
        });
    }

    /** The same, shuffled in blocks of so many examples, which are in memory together; 1 for the order of the source. */
    public StreamDataset shuffleBuffer(int examples) {
        if (examples < 1) {
            throw new InputException("shuffle_buffer: expected 1 example or more, received " + examples);
        }
        return new StreamDataset(inputs, targets, source, examples, weighted, transforms, madeBy);
    }

    /** The same, whose examples have weights of their own. */
    public StreamDataset weighted() {
        return new StreamDataset(inputs, targets, source, buffer, true, transforms, madeBy);
    }

    /**
     * The same, whose raw inputs go through transforms: fitted on its first examples where they learn something, and applied to each when it comes.
     *
     * @param through by the name that each stands under
     */
    public StreamDataset through(Map<String, Transform> through) {
        return new StreamDataset(inputs, targets, source, buffer, weighted, through, madeBy);
    }

    /** The same, whose examples say what they were made by: {@link #madeBy()}. */
    public StreamDataset madeBy(Map<String, Transform> before) {
        return new StreamDataset(inputs, targets, source, buffer, weighted, transforms, before);
    }

    @Override
    public Map<String, Transform> madeBy() {
        return madeBy;
    }

    @Override
    public Map<String, Transform> transforms() {
        return transforms;
    }

    @Override
    public Flow flow(@Nullable RandomState seed, long place) {
        return new Passes(this, seed, place);
    }

    Source source() {
        return source;
    }

    int buffer() {
        return buffer;
    }

    @Override
    public long pass() {
        return pass;
    }

    /** A pass has ended. @throws InputException if it had no examples, or another number than the one before it */
    void ended(long examples) {
        if (examples == 0) {
            throw new InputException("expected a stream with examples, received none from " + this);
        }
        if (pass >= 0 && pass != examples) {
            throw new InputException("expected the same examples in each pass of a stream, received " + examples
                    + " after " + pass + ": its files or its source have changed; a resume could not find its place");
        }
        pass = examples;
    }

    @Override
    public List<Field> inputs() {
        return inputs;
    }

    @Override
    public List<Field> targets() {
        return targets;
    }

    @Override
    public boolean isWeighted() {
        return weighted;
    }

    @Override
    public String fingerprint() {
        return source.fingerprint() + "[shuffle buffer " + buffer + "]";
    }

    @Override
    public String toString() {
        return "stream of " + inputs + " and the targets " + targets;
    }
}
