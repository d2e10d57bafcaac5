package dev.jumbo.serve.schedule;

import dev.jumbo.serve.model.InputRows;
import dev.jumbo.train.answer.RowOutputs;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
        long start = System.nanoTime();
        parts.forEach(part -> part.job().begun(start));
        try {
            List<?> inputs =
                    InputRows.join(parts.stream().<List<?>>map(Job.Part::inputs).toList());
            long joined = System.nanoTime();
            RowOutputs outputs = lane.model.compute(inputs, rows());
            long computed = System.nanoTime();
            List<RowOutputs> each = divided(outputs);
            ComputeTimes times = new ComputeTimes(joined - start, computed - joined, System.nanoTime() - computed);
            if (parts.stream().anyMatch(part -> part.terms().isCounted())) {
                activity.computed(lane.model, rows(), times);
            }
            Set<Job> told = new HashSet<>();
            for (int i = 0; i < parts.size(); i++) {
                Job.Part part = parts.get(i);
                // Two parts of one request have the time of their batch once.
                part.job().computed(part, each.get(i), told.add(part.job()) ? times : ComputeTimes.NONE);
            }
        } catch (Throwable e) { // an Error too must be answered, or the request would hang
            parts.forEach(part -> part.job().ended());
            if (parts.size() == 1) {
                parts.get(0).job().fail(e);
                return;
            }
            parts.forEach(part -> new Batch(lane, List.of(part)).compute(activity));
        }
    }

    private List<RowOutputs> divided(RowOutputs outputs) {
        List<RowOutputs> each = new ArrayList<>(parts.size());
        int from = 0;
        for (Job.Part part : parts) {
            each.add(outputs.slice(from, part.size()));
            from += part.size();
        }
        return each;
    }
}
