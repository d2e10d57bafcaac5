package dev.jumbo.train.optim;

import dev.jumbo.nn.FlatRange;
import dev.jumbo.nn.Segment;
import java.util.ArrayList;
import java.util.List;

/**
 * The segments of flat values as one optimizer sees them: what it treats alike is one run, so that an operation on one group
 * is one operation. They differ in their rate, their decay or both, and an operation asks for what it depends on.
 */
final class Runs {
    private final List<Run> byRate;
    private final List<Run> byDecay;
    private final List<Run> byBoth;

    /**
     * Neighbours that are treated alike.
     *
     * @param learningRateScale times the learning rate of the step
     * @param weightDecay 0 for none
     */
    record Run(FlatRange range, double learningRateScale, double weightDecay) {}

    /** @param weightDecay where a group has none of its own @param decayAll whether biases and normalisations decay too */
    Runs(List<Segment> segments, double weightDecay, boolean decayAll) {
        List<Run> all = new ArrayList<>();
        for (Segment segment : segments) {
            double decay = segment.weightDecay() == null ? weightDecay : segment.weightDecay();
            all.add(new Run(segment.range(), segment.learningRateScale(), segment.decays() || decayAll ? decay : 0));
        }
        byBoth = joined(all);
        byRate = joined(all.stream()
                .map(run -> new Run(run.range(), run.learningRateScale(), 0))
                .toList());
        byDecay = joined(all.stream()
                .map(run -> new Run(run.range(), 1, run.weightDecay()))
                .toList());
    }

    private static List<Run> joined(List<Run> all) {
        List<Run> runs = new ArrayList<>();
        for (Run next : all) {
            int last = runs.size() - 1;
            boolean alike = last >= 0
                    && runs.get(last).learningRateScale == next.learningRateScale
                    && runs.get(last).weightDecay == next.weightDecay;
            if (alike) {
                runs.set(
                        last,
                        new Run(
                                new FlatRange(
                                        runs.get(last).range().start(),
                                        next.range().end()),
                                next.learningRateScale,
                                next.weightDecay));
            } else {
                runs.add(next);
            }
        }
        return runs;
    }

    /** What has one learning rate. */
    List<Run> byRate() {
        return byRate;
    }

    /** What has one weight decay. */
    List<Run> byDecay() {
        return byDecay;
    }

    /** What has one of each. */
    List<Run> byBoth() {
        return byBoth;
    }
}
