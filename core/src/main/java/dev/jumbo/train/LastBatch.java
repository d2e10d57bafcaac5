package dev.jumbo.train;

import dev.jumbo.data.BatchSlice;
import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.basic.BatchNorm;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether each batch has the rows that layers need, the last and shortest one of an epoch above all: known before the first step. */
final class LastBatch {
    private LastBatch() {}

    /** @throws InputException if a batch will be too small, with what to write */
    static void check(TrainerBuilder.Setup setup, List<Field> inputs, int examples) {
        TrainConfig config = setup.config();
        int workers = setup.world().size();
        int rest = config.dropLast() ? 0 : examples % config.batchSize();
        int least = rest == 0 ? config.batchSize() : rest;
        boolean synchronised = workers > 1 && config.distributed().syncBatchNorm();
        if (synchronised && least < workers) {
            // A worker without rows has no layers running, so it could not take part in the statistics of the others.
            throw new InputException("sync_batch_norm: expected at least " + workers
                    + " examples in each batch, one for each worker, received " + least
                    + (rest == 0 ? "; set a larger batch_size" : " in the last one; set drop_last: true"));
        }
        String path = singleValued("", setup.model(), Field.specs(inputs));
        if (path == null) {
            return;
        }
        int parts = synchronised ? 1 : setup.isPipeline() ? config.distributed().microBatches() : workers;
        for (int rows : new int[] {config.batchSize(), least}) {
            int smallest = smallest(rows, parts);
            if (smallest == 1) {
                boolean last = rows != config.batchSize();
                throw new InputException(
                        path + ": batch_norm needs more than one value for each channel in training, but "
                                + (last ? "the last batch" : "a batch") + " has one row"
                                + (parts == 1
                                        ? ""
                                        : " for one of " + parts + (setup.isPipeline() ? " micro-batches" : " workers"))
                                + (last
                                        ? " (" + examples + " examples in batches of " + config.batchSize()
                                                + "); set drop_last: true, which leaves it out, or another batch_size"
                                        : "; set a larger batch_size"));
            }
        }
    }

    /** The fewest rows that a part of a batch has, without those that have none. */
    private static int smallest(int rows, int parts) {
        int least = rows;
        for (int i = 0; i < parts; i++) {
            int own = new BatchSlice(i, parts).rows(rows);
            least = own == 0 ? least : Math.min(least, own);
        }
        return least;
    }

    /** The path of a batch normalisation with one value for each channel of an example; null where there is none. */
    private static @Nullable String singleValued(String path, Layer layer, Specs inputs) {
        if (layer instanceof BatchNorm) {
            Shape shape = inputs.main().shape();
            return shape.elements() == shape.size(0) ? path.isEmpty() ? "the model" : path : null;
        }
        for (Layer.Part part : layer.parts(inputs)) {
            String found =
                    singleValued(path.isEmpty() ? part.path() : path + "." + part.path(), part.layer(), part.inputs());
            if (found != null) {
                return found;
            }
        }
        return null;
    }
}
