package dev.jumbo.serve.schedule;

import dev.jumbo.serve.model.InputRows;
import dev.jumbo.train.answer.RowOutputs;
import java.util.ArrayList;
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
            List<?> inputs =
                    InputRows.join(parts.stream().<List<?>>map(Job.Part::inputs).toList());
            long joined = System.nanoTime();
            RowOutputs outputs = lane.model.compute(inputs, rows());
            long computed = System.nanoTime();
            List<RowOutputs> each = divided(outputs);
            ComputeTimes times = new ComputeTimes(joined - start, computed - joined, System.nanoTime() - computed);
            int counted = parts.stream()
                    .filter(part -> part.terms().isCounted())
                    .mapToInt(Job.Part::size)
                    .sum();
            if (counted > 0) {
                activity.computed(lane.model, counted, times);
            }
            for (int i = 0; i < parts.size(); i++) {
                Job.Part part = parts.get(i);
                part.job().computed(part, each.get(i), times);
            }
        } catch (Throwable e) { // an Error too must be answered, or the request would hang
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
