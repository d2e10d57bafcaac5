package dev.jumbo.data;

import dev.jumbo.tensor.RandomState;
import org.jspecify.annotations.Nullable;

/** Batches of a number of examples. Any position may begin one, so a resume may go on with another number. */
record ByExamples(Sampler sampler, @Nullable RandomState shuffle, int batchSize, boolean dropLast) implements Batching {
    @Override
    public int[] order(int epoch) {
        return sampler.order(shuffle, epoch);
    }

    @Override
    public int rowsFrom(int epoch, int position) {
        int left = sampler.size() - position;
        return left < batchSize && dropLast ? 0 : Math.min(batchSize, left);
    }

    @Override
    public int batchesFrom(int epoch, int position) {
        int left = sampler.size() - position;
        int full = left / batchSize;
        return left % batchSize > 0 && !dropLast ? full + 1 : full;
    }

    @Override
    public int number(int epoch, int position) {
        return position / batchSize;
    }
}
