package dev.jumbo.serve.schedule;

import dev.jumbo.serve.model.InputRows;
import dev.jumbo.train.answer.RowOutputs;
import java.util.List;

/** Parts of requests that are computed together. */
final class Batch {
    private final Lane lane;
    private final List<Job.Part> parts;

    Batch(Lane lane, List<Job.Part> parts) {
        this.lane = lane;
        this.parts = parts;
    }

    Lane lane() {
        return lane;
    }

    List<Job.Part> parts() {
        return parts;
    }

    int rows() {
        return parts.stream().mapToInt(Job.Part::size).sum();
    }

    /** Computes, tells who listens, and answers. What one request brings about, such as a value that is too large, the others do not notice. */
    void compute(Activity activity) {
        try {
            long start = System.nanoTime();
            RowOutputs outputs = lane.model.compute(
                    InputRows.join(parts.stream().<List<?>>map(Job.Part::inputs).toList()), rows());
            tell(activity, start, System.nanoTime() - start);
            int from = 0;
            for (Job.Part part : parts) {
                part.job().computed(part, outputs.slice(from, part.size()));
                from += part.size();
            }
        } catch (Throwable e) { // an Error too must be answered, or the request would hang
            if (parts.size() == 1) {
                parts.get(0).job().fail(e);
                return;
            }
            parts.forEach(part -> new Batch(lane, List.of(part)).compute(activity));
        }
    }

    private void tell(Activity activity, long start, long nanos) {
        int requests = 0;
        int rows = 0;
        for (Job.Part part : parts) {
            long waited = start - part.since();
            part.terms().times().spent(waited, nanos);
            if (part.terms().isCounted()) {
                activity.waited(lane.model, waited);
                requests++;
                rows += part.size();
            }
        }
        if (requests > 0) {
            activity.computed(lane.model, requests, rows, nanos);
        }
    }
}
