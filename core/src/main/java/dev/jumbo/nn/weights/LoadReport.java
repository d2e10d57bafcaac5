package dev.jumbo.nn.weights;

import dev.jumbo.error.Nearest;
import java.util.List;
import java.util.stream.Stream;

/**
 * What was loaded.
 *
 * @param where the source
 * @param loaded parameters and buffers that have the source's values
 * @param fresh those that the source does not have, or of another shape: they have first values as without a source
 * @param passedOver tensors of the source that the model does not have
 */
public record LoadReport(String where, List<String> loaded, List<String> fresh, List<String> passedOver) {
    public LoadReport {
        loaded = List.copyOf(loaded);
        fresh = List.copyOf(fresh);
        passedOver = List.copyOf(passedOver);
    }

    /** This with more tensors of the source that the model does not have. */
    public LoadReport passing(List<String> more) {
        return new LoadReport(
                where,
                loaded,
                fresh,
                Stream.concat(passedOver.stream(), more.stream()).toList());
    }

    @Override
    public String toString() {
        return "loaded " + loaded.size() + " tensors from " + where
                + (fresh.isEmpty() ? "" : "; new: " + Nearest.first(fresh))
                + (passedOver.isEmpty() ? "" : "; passed over: " + Nearest.first(passedOver));
    }
}
