package dev.jumbo.data;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.RandomState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Batches of examples of different lengths: of similar ones, so that little is padded, and, where asked for, of as many as fill
 * a number of tokens.
 *
 * <p>With a seed, lengths are divided into buckets, each about an eighth wider than the one before. An epoch shuffles each
 * bucket, cuts it into batches and hands what is left over, less than a batch, to the next longer one; then the batches are
 * shuffled. So every epoch has each example once, in the same number of batches, of which one at most is not full. Without a
 * seed, batches follow the order of the data, each as long as it fits.
 */
final class ByLength implements Batching {
    private static final int SHORTEST = 8;

    private final int[] lengths;
    private final Sampler sampler;
    private final @Nullable RandomState shuffle;
    private final int batchSize;
    private final int tokens;
    private final int multiple;
    private final int longest;
    private final boolean dropLast;
    /** Examples of each bucket, shortest first; empty without a seed. */
    private final List<int[]> buckets = new ArrayList<>();

    /** Of every epoch: what is in a batch differs, not how many there are. */
    private final int batches;

    private volatile @Nullable Epoch last;

    /** An epoch. @param starts position where each batch begins, and where the last one ends */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Epoch(int number, int[] order, int[] starts) {}

    /**
     * @param lengths of all examples
     * @param batchSize of examples, where {@code tokens} is 0
     * @param tokens of a batch with its padding, at most; 0 for no limit
     * @param multiple lengths are padded to a multiple of it
     * @param longest no example is padded to more
     */
    ByLength(
            int[] lengths,
            Sampler sampler,
            @Nullable RandomState shuffle,
            int batchSize,
            int tokens,
            int multiple,
            int longest,
            boolean dropLast) {
        this.lengths = lengths;
        this.sampler = sampler;
        this.shuffle = shuffle;
        this.batchSize = batchSize;
        this.tokens = tokens;
        this.multiple = multiple;
        this.longest = longest;
        this.dropLast = dropLast;
        requireFitting();
        if (shuffle != null) {
            divide();
        }
        batches = batches(epoch(0));
        if (batches == 0) {
            throw new InputException("expected examples for one full batch, received too few in " + lengths.length
                    + "; lower tokens_per_batch or batch_size, or keep the last batch");
        }
    }

    private void requireFitting() {
        for (int i = 0; tokens > 0 && i < lengths.length; i++) {
            if (padded(lengths[i]) > tokens) {
                long longer = Arrays.stream(lengths)
                        .filter(length -> padded(length) > tokens)
                        .count();
                throw new InputException("tokens_per_batch: expected examples of at most " + tokens
                        + " steps, received " + padded(lengths[i]) + " in example " + i + " (" + longer + " of "
                        + lengths.length
                        + " are longer); raise tokens_per_batch, or set max_length with truncate: true");
            }
        }
    }

    private void divide() {
        int[] byLength = SampleOrder.sorted(lengths);
        int from = 0;
        while (from < byLength.length) {
            int shortest = Math.max(SHORTEST, padded(lengths[byLength[from]]));
            int most = Math.max(padded(shortest), shortest + shortest / 8);
            int to = from;
            while (to < byLength.length && padded(lengths[byLength[to]]) <= most) {
                to++;
            }
            buckets.add(Arrays.copyOfRange(byLength, from, to));
            from = to;
        }
    }

    private int padded(int length) {
        return (int) Math.min(longest, (length + multiple - 1L) / multiple * multiple);
    }

    private int rows(int length) {
        return tokens > 0 ? Math.max(1, tokens / padded(length)) : batchSize;
    }

    private Epoch epoch(int number) {
        Epoch known = last;
        if (known == null || known.number() != number) {
            known = shuffle == null ? inOrder(number) : bucketed(number, shuffle);
            last = known;
        }
        return known;
    }

    private Epoch inOrder(int number) {
        int[] order = sampler.order(null, number);
        List<Integer> starts = new ArrayList<>();
        int most = 0;
        int rows = 0;
        for (int i = 0; i < order.length; i++) {
            most = Math.max(most, lengths[order[i]]);
            if (i == 0 || rows + 1 > rows(most)) {
                starts.add(i);
                rows = 0;
                most = lengths[order[i]];
            }
            rows++;
        }
        boolean keep = !dropLast || order.length == 0 || rows == rows(most);
        starts.add(keep ? order.length : starts.remove(starts.size() - 1));
        return new Epoch(
                number, order, starts.stream().mapToInt(Integer::intValue).toArray());
    }

    private Epoch bucketed(int number, RandomState seed) {
        SplittableRandom random = seed.derive("order").derive(number).generator();
        List<int[]> batches = new ArrayList<>();
        int[] left = new int[0];
        for (int[] bucket : buckets) {
            int[] all = Arrays.copyOf(left, left.length + bucket.length);
            System.arraycopy(bucket, 0, all, left.length, bucket.length);
            SampleOrder.shuffle(all, random);
            int rows = rows(lengths[bucket[bucket.length - 1]]);
            int full = all.length / rows * rows;
            for (int from = 0; from < full; from += rows) {
                batches.add(Arrays.copyOfRange(all, from, from + rows));
            }
            left = Arrays.copyOfRange(all, full, all.length);
        }
        if (left.length > 0 && !dropLast) {
            batches.add(left);
        }
        int[] places = SampleOrder.sequential(batches.size());
        SampleOrder.shuffle(places, random);
        int[] order = new int[lengths.length];
        int[] starts = new int[batches.size() + 1];
        for (int i = 0; i < places.length; i++) {
            int[] batch = batches.get(places[i]);
            System.arraycopy(batch, 0, order, starts[i], batch.length);
            starts[i + 1] = starts[i] + batch.length;
        }
        return new Epoch(number, order, starts);
    }

    private static int batches(Epoch epoch) {
        return epoch.starts().length - 1;
    }

    @Override
    public int[] order(int epoch) {
        return epoch(epoch).order();
    }

    @Override
    public int rowsFrom(int epoch, int position) {
        Epoch all = epoch(epoch);
        int batch = batch(all, position);
        return batch == batches(all) ? 0 : all.starts()[batch + 1] - position;
    }

    @Override
    public int batchesFrom(int epoch, int position) {
        if (position == 0) {
            return batches;
        }
        Epoch all = epoch(epoch);
        return batches(all) - batch(all, position);
    }

    @Override
    public int number(int epoch, int position) {
        return batch(epoch(epoch), position);
    }

    private static int batch(Epoch all, int position) {
        int found = Arrays.binarySearch(all.starts(), position);
        if (found < 0) {
            throw new InputException("no batch of this epoch begins at its example " + position
                    + ": batches of similar lengths were cut otherwise before; resume in the middle of an epoch with"
                    + " the batch_size that it was begun with");
        }
        return found;
    }
}
