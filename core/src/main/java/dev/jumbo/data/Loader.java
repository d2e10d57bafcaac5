package dev.jumbo.data;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Shape;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Turns a dataset into batches: shuffles, reads, augments, preprocesses, and stays some batches ahead on threads of its
 * own, which wait without spinning and hold no tensor. What a batch contains depends on the seed, the epoch and the
 * batch's number only.
 *
 * <pre>{@code
 * Loader loader = Loader.of(dataset).batchSize(64).shuffle(RandomState.of(42)).preprocessing(scale).build();
 * try (Loader.Epoch batches = loader.epoch(0)) {
 *     while (batches.hasNext()) {
 *         Batch batch = batches.next();
 *     }
 * }
 * }</pre>
 */
public final class Loader {
    private final Builder settings;
    private final List<Field> inputs;

    private Loader(Builder settings) {
        this.settings = settings;
        inputs = (settings.preprocessing == null
                        ? settings.dataset.inputs()
                        : settings.preprocessing.outputs(settings.dataset.inputs()))
                .stream().map(Field::narrow).toList();
    }

    /** Starts with batches of 32 in the dataset's order, the last one kept, one thread two batches ahead. */
    public static Builder of(Dataset dataset) {
        return new Builder(dataset);
    }

    /** Input fields as batches have them: after preprocessing. */
    public List<Field> inputs() {
        return inputs;
    }

    /** Batches of one epoch. */
    public int batches() {
        int full = settings.dataset.size() / settings.batchSize;
        boolean rest = settings.dataset.size() % settings.batchSize > 0;
        return rest && !settings.dropLast ? full + 1 : full;
    }

    /** All batches of an epoch. */
    public Epoch epoch(int epoch) {
        return epoch(epoch, 0);
    }

    /** The batches of an epoch from one on. */
    public Epoch epoch(int epoch, int firstBatch) {
        return epochFrom(epoch, Math.multiplyExact(firstBatch, settings.batchSize));
    }

    /**
     * The batches of an epoch behind the examples of it that were seen already, as after a resume: every example of the
     * epoch comes once, whatever the batch size was before.
     */
    public Epoch epochFrom(int epoch, int example) {
        return new Epoch(epoch, example);
    }

    /** Examples of the batch that begins at one of the epoch's, those of all parts together; 0 behind the last batch. */
    public int rowsFrom(int example) {
        int left = settings.dataset.size() - example;
        return left < settings.batchSize && settings.dropLast ? 0 : Math.min(settings.batchSize, left);
    }

    /** Batches of an epoch from one of its examples on. */
    public int batchesFrom(int example) {
        int left = settings.dataset.size() - example;
        int full = left / settings.batchSize;
        return left % settings.batchSize > 0 && !settings.dropLast ? full + 1 : full;
    }

    private Batch load(int[] order, int epoch, int first) {
        if (settings.mixing == null || settings.shuffle == null) {
            return load(order, epoch, first, settings.part);
        }
        // Each example may be mixed with any other of the batch, so every worker mixes the whole of it.
        Batch whole = load(order, epoch, first, BatchSlice.WHOLE);
        int number = first / settings.batchSize;
        RandomState seed = settings.shuffle.derive("mix").derive(epoch).derive(number);
        Batch mixed = settings.mixing.apply(whole, seed.generator());
        return settings.part.of() == 1 ? mixed : mixed.slice(settings.part);
    }

    private Batch load(int[] order, int epoch, int first, BatchSlice part) {
        int from = first + part.from(rowsFrom(first));
        int rows = part.rows(rowsFrom(first));
        List<Column> columns = Batch.columns(settings.dataset, rows);
        for (int i = 0; i < rows; i++) {
            settings.dataset.read(order[from + i], new Row(columns, i));
        }
        augment(columns.get(0), order, from, epoch);
        prepare(columns);
        return Batch.of(settings.dataset, columns, rows);
    }

    private void augment(Column column, int[] order, int from, int epoch) {
        if (settings.augmentations.isEmpty() || settings.shuffle == null) {
            return;
        }
        Shape shape = column.field().shape();
        int values = column.field().elements();
        RandomState seed = settings.shuffle.derive("augment").derive(epoch);
        for (int i = 0; i < column.rows(); i++) {
            SplittableRandom random = seed.derive(order[from + i]).generator();
            for (Augmentation augmentation : settings.augmentations) {
                augmentation.apply(column.floats(), i * values, shape, random);
            }
        }
    }

    private void prepare(List<Column> columns) {
        Column raw = columns.get(0);
        // Ids, such as tokens, go to the network as they are.
        if (settings.preprocessing != null && raw.field().dtype() != DType.INT64) {
            columns.set(0, prepared(raw, settings.preprocessing));
        }
        columns.replaceAll(Column::narrow); // float32 comes last
    }

    private Column prepared(Column raw, Preprocessing preprocessing) {
        boolean samePlace = inputs.get(0).elements() == raw.field().elements();
        Column prepared = samePlace && inputs.get(0).equals(raw.field()) ? raw : new Column(inputs.get(0), raw.rows());
        int from = raw.field().elements();
        int to = prepared.field().elements();
        double[] one = new double[raw.field().dtype() == DType.FLOAT64 ? from : 0];
        for (int i = 0; i < raw.rows(); i++) {
            if (raw.field().dtype() == DType.FLOAT64) {
                System.arraycopy(raw.doubles(), i * from, one, 0, from);
                preprocessing.apply(one, 0, prepared.floats(), i * to);
            } else {
                preprocessing.apply(raw.floats(), i * from, prepared.floats(), i * to);
            }
        }
        return prepared;
    }

    /** The batches of one epoch in order. Close it to end the threads. */
    public final class Epoch implements Iterator<Batch>, AutoCloseable {
        private final int[] order;
        private final int epoch;
        private final ExecutorService threads;
        private final Deque<Future<Batch>> ahead = new ArrayDeque<>();
        /** The example that the next batch to be loaded begins with. */
        private int next;

        private Epoch(int epoch, int example) {
            this.epoch = epoch;
            int size = settings.dataset.size();
            order = settings.shuffle == null
                    ? SampleOrder.sequential(size)
                    : SampleOrder.shuffled(size, settings.shuffle, epoch);
            threads = Executors.newFixedThreadPool(settings.threads, task -> {
                Thread thread = new Thread(task, "loader");
                thread.setDaemon(true);
                return thread;
            });
            next = example;
            for (int i = 0; i < settings.threads + 1; i++) {
                submit();
            }
        }

        private void submit() {
            int rows = rowsFrom(next);
            if (rows > 0) {
                int first = next;
                next += rows;
                ahead.add(threads.submit(() -> load(order, epoch, first)));
            }
        }

        @Override
        public boolean hasNext() {
            return !ahead.isEmpty();
        }

        /** @throws CancellationException if the thread is interrupted while it waits; the batch is not lost, the next call gives it */
        @Override
        public Batch next() {
            Future<Batch> first = ahead.poll();
            if (first == null) {
                throw new NoSuchElementException("the epoch has no more batches");
            }
            submit();
            try {
                return first.get();
            } catch (InterruptedException e) {
                ahead.addFirst(first);
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted while waiting for a batch");
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw new IllegalStateException("a loader thread failed", e.getCause());
            }
        }

        @Override
        public void close() {
            threads.shutdownNow();
        }
    }

    /** Settings of a loader. */
    public static final class Builder {
        private final Dataset dataset;
        private int batchSize = 32;
        private boolean dropLast;
        private int threads = 1;
        private @Nullable RandomState shuffle;
        private @Nullable Preprocessing preprocessing;
        private List<Augmentation> augmentations = List.of();
        private @Nullable BatchAugmentation mixing;
        private BatchSlice part = BatchSlice.WHOLE;

        private Builder(Dataset dataset) {
            this.dataset = dataset;
        }

        /** @throws InputException if below 1 */
        public Builder batchSize(int examples) {
            if (examples < 1) {
                throw new InputException("expected a batch size of 1 or more, received " + examples);
            }
            batchSize = examples;
            return this;
        }

        /** Leaves out a last batch that is not full. */
        public Builder dropLast(boolean drop) {
            dropLast = drop;
            return this;
        }

        /** Prefetch threads, 1 or more. */
        public Builder threads(int number) {
            if (number < 1) {
                throw new InputException("expected 1 or more loader threads, received " + number);
            }
            threads = number;
            return this;
        }

        /** Visits examples in a seeded order of each epoch, and seeds augmentation. */
        public Builder shuffle(@Nullable RandomState seed) {
            shuffle = seed;
            return this;
        }

        public Builder preprocessing(@Nullable Preprocessing applied) {
            preprocessing = applied;
            return this;
        }

        /** Applied to the first input, in order, before preprocessing. Needs {@link #shuffle} for its seed. */
        public Builder augmentations(List<Augmentation> applied) {
            augmentations = List.copyOf(applied);
            return this;
        }

        /** Mixes the examples of each batch, after preprocessing. Needs {@link #shuffle} for its seed. */
        public Builder mixing(@Nullable BatchAugmentation applied) {
            mixing = applied;
            return this;
        }

        /** Which part of each batch is loaded: all if not set. The parts of all workers in order are the batch of one. */
        public Builder part(BatchSlice loaded) {
            part = loaded;
            return this;
        }

        /** @throws InputException if the dataset has no examples, or too few for one batch where the last is dropped */
        public Loader build() {
            if (dataset.size() == 0) {
                throw new InputException("expected a dataset with examples, received an empty one");
            }
            if (dropLast && dataset.size() < batchSize) {
                throw new InputException("expected at least " + batchSize + " examples for one full batch, received "
                        + dataset.size() + "; lower the batch size or keep the last batch");
            }
            return new Loader(this);
        }
    }
}
