package dev.jumbo.serve.v2;

import dev.jumbo.serve.wire.Datatype;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a version is served, in the words of Triton's {@code model_config.proto}: only what holds here.
 *
 * @param platform what it was saved as, PROJECT_FORMAT; {@code backend} the project
 * @param maxBatchSize most rows that are computed together; longer requests are divided
 * @param instances threads that compute at once, for all models
 * @param file the only file of a version; empty where there are several
 * @param batching null where rows of several requests are not computed together
 */
public record ModelConfiguration(
        String name,
        String platform,
        String backend,
        int maxBatchSize,
        List<Tensor> inputs,
        List<Tensor> outputs,
        int instances,
        String file,
        @Nullable Batching batching,
        Map<String, String> parameters) {
    /** A tensor. @param dims of one example; -1 for a size that may vary */
    public record Tensor(String name, Datatype datatype, List<Long> dims, boolean optional) {
        /** As {@code TYPE_FP32}; BYTES are {@code TYPE_STRING}. */
        public String typeName() {
            return "TYPE_" + (datatype == Datatype.BYTES ? "STRING" : datatype.name());
        }
    }

    /**
     * How requests wait for each other.
     *
     * @param delayMicros that a batch which is not full waits while the device is busy
     * @param timeoutMicros until a request that says nothing else is given up
     * @param queue requests that may wait: to this model, or where it has no limit of its own to all
     */
    public record Batching(long delayMicros, int priorities, int defaultPriority, long timeoutMicros, int queue) {}
}
