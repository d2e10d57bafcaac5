package dev.jumbo.data;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.RandomState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Some examples of a stream, in memory. */
public final class Examples implements Dataset {
    private final Dataset of;
    private final int from;
    private final Supplier<List<Example>> read;
    private @Nullable List<Example> held;

    private Examples(Dataset of, int from, Supplier<List<Example>> read) {
        this.of = of;
        this.from = from;
        this.read = read;
    }

    /** Those that are here. @param from index of the first one */
    static Examples of(Dataset of, int from, List<Example> examples) {
        return new Examples(of, from, () -> examples);
    }

    /** The first {@value ExampleStream#FITTED_ON} of a stream in its own order, read when they are first asked for. */
    public static Examples first(ExampleStream stream) {
        return new Examples(stream, 0, () -> {
            List<Example> first = new ArrayList<>();
            try (ExampleStream.Flow flow = stream.flow(null, 0)) {
                while (first.size() < ExampleStream.FITTED_ON && (stream.pass() < 0 || first.size() < stream.pass())) {
                    Example example = flow.next();
                    example.check(fields(stream), "example " + first.size() + " of the stream");
                    first.add(example);
                }
            }
            // The end of a pass shows with the first example of the next one.
            return stream.pass() >= 0 && stream.pass() < first.size()
                    ? List.copyOf(first.subList(0, (int) stream.pass()))
                    : first;
        });
    }

    /** One pass over a stream in its own order, in memory: for validation. Those of a stream without an end never end. */
    public static Examples all(ExampleStream stream) {
        List<Example> all = new ArrayList<>();
        List<Field> fields = fields(stream);
        try (ExampleStream.Flow flow = stream.flow(null, 0)) {
            for (Example example = flow.next(); stream.pass() < 0; example = flow.next()) {
                example.check(fields, "example " + all.size());
                all.add(example);
            }
        }
        return of(stream, 0, all);
    }

    /** All fields of a dataset, inputs first. */
    public static List<Field> fields(Dataset dataset) {
        return Stream.concat(dataset.inputs().stream(), dataset.targets().stream())
                .toList();
    }

    /** Whether they are in memory by now. */
    public synchronized boolean areRead() {
        return held != null;
    }

    private synchronized List<Example> examples() {
        if (held == null) {
            held = read.get();
        }
        return held;
    }

    private Example example(int index) {
        return examples().get(index - from);
    }

    @Override
    public int size() {
        return examples().size();
    }

    @Override
    public List<Field> inputs() {
        return of.inputs();
    }

    @Override
    public List<Field> targets() {
        return of.targets();
    }

    @Override
    public void read(int index, Row into) {
        List<Object> values = example(index).values();
        for (int f = 0; f < values.size(); f++) {
            if (into.column(f).field().isBytes()) {
                into.bytes(f, (byte[]) values.get(f));
            } else {
                System.arraycopy(values.get(f), 0, into.values(f), into.offset(f), Example.count(values.get(f)));
            }
        }
    }

    @Override
    public int length(int index, int field) {
        return example(index)
                .length(
                        field,
                        field < inputs().size()
                                ? inputs().get(field)
                                : targets().get(field - inputs().size()));
    }

    @Override
    public Map<String, Transform> madeBy() {
        return of.madeBy();
    }

    @Override
    public double weight(int index) {
        return example(index).weight();
    }

    @Override
    public boolean isWeighted() {
        return of.isWeighted();
    }

    @Override
    public Preprocessing preprocessing() {
        return of.preprocessing();
    }

    @Override
    public String fingerprint() {
        return of.fingerprint();
    }

    /** What a {@link Loader} reads of a stream: batch by batch, on one thread, through the epochs. */
    static final class Reading {
        private final ExampleStream stream;
        private final @Nullable RandomState seed;
        private final List<Field> fields;
        private ExampleStream.@Nullable Flow flow;
        private long place;

        Reading(ExampleStream stream, @Nullable RandomState seed) {
            this.stream = stream;
            this.seed = seed;
            fields = fields(stream);
        }

        /** The examples of a batch. @param at place of the first one @param index that it has in its epoch */
        synchronized Examples batch(long at, int index, int rows) {
            List<Example> batch = new ArrayList<>(rows);
            try {
                if (flow == null || place != at) {
                    close();
                    flow = stream.flow(seed, at);
                    place = at;
                }
                for (; batch.size() < rows; place++) {
                    Example example = flow.next();
                    example.check(fields, "example " + place + " of the stream");
                    batch.add(example);
                }
                if (stream.pass() >= 0 && stream.pass() < rows) {
                    throw new InputException("expected a stream with examples for one batch of " + rows
                            + " at least, received " + stream.pass() + "; set a smaller batch_size");
                }
                return of(stream, index, batch);
            } catch (RuntimeException e) {
                close();
                throw e;
            }
        }

        synchronized void close() {
            if (flow != null) {
                flow.close();
                flow = null;
            }
        }
    }
}
