package dev.jumbo.data;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.RandomState;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
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
    /** The id that losses ignore, as PyTorch's do, if nothing else is said. */
    public static final long IGNORED = -100;

    private final Builder settings;
    private final List<Field> inputs;
    private final Batching batching;
    private final Assembly assembly;
    /** Null for a dataset of known size. */
    private final Examples.@Nullable Reading stream;

    private Loader(Builder settings, Batching batching) {
        this.settings = settings;
        this.batching = batching;
        inputs = inputs(settings.dataset, settings.preprocessing);
        stream = settings.dataset instanceof ExampleStream endless
                ? new Examples.Reading(endless, settings.shuffle)
                : null;
        assembly = assembly(settings.dataset);
    }

    private Assembly assembly(Dataset dataset) {
        return new Assembly(
                dataset,
                inputs,
                settings.preprocessing,
                settings.augmentations,
                settings.shuffle,
                new Assembly.Padding(settings.targetPadding, settings.padToMultipleOf));
    }

    /** Input fields of a dataset as batches have them: after preprocessing. */
    public static List<Field> inputs(Dataset dataset, @Nullable Preprocessing preprocessing) {
        List<Field> raw = dataset.inputs();
        return (preprocessing == null ? raw : preprocessing.outputs(raw))
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

    /** Batches of an epoch: of every one as many. */
    public int batches() {
        return batching.batchesFrom(0, 0);
    }

    /** All batches of an epoch. */
    public Epoch epoch(int epoch) {
        return epoch(epoch, 0);
    }

    /** The batches of an epoch from one on. */
    public Epoch epoch(int epoch, int firstBatch) {
        int example = 0;
        for (int i = 0; i < firstBatch; i++) {
            example += rowsFrom(epoch, example);
        }
        return epochFrom(epoch, example);
    }

    /**
     * The batches of an epoch behind the examples of it that were seen already, as after a resume: every example of the
     * epoch comes once, whatever the batch size was before.
     */
    public Epoch epochFrom(int epoch, int example) {
        return new Epoch(epoch, example);
    }

    /** Examples of the batch that begins at one of the epoch's, those of all parts together; 0 behind the last batch. */
    public int rowsFrom(int epoch, int example) {
        return batching.rowsFrom(epoch, example);
    }

    /** Batches of an epoch from one of its examples on. */
    public int batchesFrom(int epoch, int example) {
        return batching.batchesFrom(epoch, example);
    }

    /** The first batch of the first epoch, made on this thread: for who has one batch in all. */
    public Batch first() {
        return load(assembly, batching.order(0), 0, 0);
    }

    private Batch load(Assembly from, int[] order, int epoch, int first) {
        if (settings.mixing == null || settings.shuffle == null) {
            return load(from, order, epoch, first, settings.part);
        }
        // Each example may be mixed with any other of the batch, so every worker mixes the whole of it.
        Batch whole = load(from, order, epoch, first, BatchSlice.WHOLE);
        int number = batching.number(epoch, first);
        RandomState seed = settings.shuffle.derive("mix").derive(epoch).derive(number);
        Batch mixed = settings.mixing.apply(whole, seed.generator());
        return settings.part.of() == 1 ? mixed : mixed.slice(settings.part);
    }

    private Batch load(Assembly from, int[] order, int epoch, int first, BatchSlice part) {
        int whole = rowsFrom(epoch, first);
        int start = stream == null ? first : 0;
        return from.batch(new Assembly.Rows(order, start + part.from(whole), part.rows(whole), start, whole), epoch);
    }

    /** Lets go of the files of a stream; the next epoch opens them again. Nothing else is held between epochs. */
    public void close() {
        if (stream != null) {
            stream.close();
        }
    }

    /** The batches of one epoch in order. Close it to end the threads. */
    public final class Epoch implements Iterator<Batch>, AutoCloseable {
        private final int[] order;
        private final int epoch;
        private final ExecutorService threads;
        /** Reads a stream in its order; null for a dataset of known size. */
        private final @Nullable ExecutorService reader;

        private final Deque<Future<Batch>> ahead = new ArrayDeque<>();
        /** The example that the next batch to be loaded begins with. */
        private int next;

        private Epoch(int epoch, int example) {
            this.epoch = epoch;
            order = stream == null ? batching.order(epoch) : new int[0];
            threads = threads(settings.threads);
            reader = stream == null ? null : threads(1);
            next = example;
            for (int i = 0; i < settings.threads + 1; i++) {
                submit();
            }
        }

        private static ExecutorService threads(int number) {
            return Executors.newFixedThreadPool(number, task -> {
                Thread thread = new Thread(task, "loader");
                thread.setDaemon(true);
                return thread;
            });
        }

        private void submit() {
            int rows = rowsFrom(epoch, next);
            if (rows > 0) {
                int first = next;
                next += rows;
                ahead.add(
                        stream == null || reader == null
                                ? threads.submit(() -> load(assembly, order, epoch, first))
                                : streamed(stream, reader, first, rows));
            }
        }

        private Future<Batch> streamed(Examples.Reading from, ExecutorService in, int first, int rows) {
            long place = (long) epoch * settings.epochExamples + first;
            int[] own = IntStream.range(first, first + rows).toArray();
            return CompletableFuture.supplyAsync(() -> from.batch(place, first, rows), in)
                    .thenApplyAsync(read -> load(assembly(read), own, epoch, first), threads);
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
            if (reader != null) {
                reader.shutdownNow();
            }
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
        private int tokensPerBatch;
        private boolean bucketing = true;
        private int padToMultipleOf = 1;
        private long targetPadding = IGNORED;
        private boolean each;
        private int epochExamples;

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

        /** Each example once, in the dataset's order, whatever it says of epochs: for what is measured on all of it. */
        public Builder inOrder() {
            each = true;
            return this;
        }

        /** Which part of each batch is loaded: all if not set. The parts of all workers in order are the batch of one. */
        public Builder part(BatchSlice loaded) {
            part = loaded;
            return this;
        }

        /**
         * Batches of as many examples as have this many tokens together, padding included, instead of a number of examples: for
         * ragged inputs.
         *
         * @param tokens 0 for batches of examples
         */
        public Builder tokensPerBatch(int tokens) {
            if (tokens < 0) {
                throw new InputException("tokens_per_batch: expected a number above 0, received " + tokens);
            }
            tokensPerBatch = tokens;
            return this;
        }

        /** Whether shuffled batches of ragged examples are of similar lengths: true if not set. */
        public Builder bucketing(boolean similar) {
            bucketing = similar;
            return this;
        }

        /** Ragged examples are padded to the longest of their batch, rounded up to a multiple of this. */
        public Builder padToMultipleOf(int multiple) {
            if (multiple < 1) {
                throw new InputException("pad_to_multiple_of: expected 1 or more, received " + multiple);
            }
            padToMultipleOf = multiple;
            return this;
        }

        /** What fills up ragged targets of ids: an id that the loss ignores, {@value #IGNORED} if not set. */
        public Builder targetPadding(long id) {
            targetPadding = id;
            return this;
        }

        /** How many examples of a stream an epoch has: needed for one, and for nothing else. */
        public Builder epochExamples(int examples) {
            epochExamples = examples;
            return this;
        }

        private Loader ofStream() {
            if (epochExamples < batchSize || tokensPerBatch > 0 || each) {
                throw new InputException(
                        tokensPerBatch > 0
                                ? "tokens_per_batch: expected a dataset whose lengths are known, received a stream;"
                                        + " set batch_size instead"
                                : "expected a number of examples of an epoch, of one batch of " + batchSize
                                        + " at least, for a stream, received " + epochExamples);
            }
            return new Loader(this, new ByExamples(Sampler.once(epochExamples), null, batchSize, dropLast));
        }

        /** @throws InputException if the dataset has no examples, or too few for one batch where the last is dropped */
        public Loader build() {
            if (dataset instanceof ExampleStream) {
                return ofStream();
            }
            if (dataset.size() == 0) {
                throw new InputException("expected a dataset with examples, received an empty one");
            }
            ExampleWeights.check(dataset);
            Sampler sampler = each ? Sampler.once(dataset.size()) : dataset.sampler();
            int[] lengths = Lengths.of(dataset);
            boolean similar = lengths != null && bucketing && shuffle != null && sampler.isPermutation();
            if (tokensPerBatch > 0 && (lengths == null || (shuffle != null && !similar))) {
                throw new InputException("tokens_per_batch: expected "
                        + (lengths == null
                                ? "ragged inputs, received " + dataset.inputs()
                                : "bucketing: true and a dataset that is no mixture")
                        + "; set batch_size instead");
            }
            if (lengths != null && (similar || tokensPerBatch > 0)) {
                return new Loader(
                        this,
                        new ByLength(
                                lengths,
                                sampler,
                                shuffle,
                                batchSize,
                                tokensPerBatch,
                                padToMultipleOf,
                                Lengths.most(dataset),
                                dropLast));
            }
            if (dropLast && sampler.size() < batchSize) {
                throw new InputException("expected at least " + batchSize + " examples for one full batch, received "
                        + sampler.size() + "; lower the batch size or keep the last batch");
            }
            return new Loader(this, new ByExamples(sampler, shuffle, batchSize, dropLast));
        }
    }
}
