package dev.jumbo.nn;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of flat values that an optimizer treats alike. A flat store is a list of segments that cover its values in order.
 *
 * @param range which values
 * @param group the pattern of their group; {@code *} where none was asked for
 * @param decays whether they are weights, to which weight decay and penalties apply; biases and normalisations are not
 * @param learningRateScale times the learning rate of the step, 0 or more
 * @param weightDecay instead of the optimizer's; null for that
 */
public record Segment(
        FlatRange range,
        String group,
        boolean decays,
        double learningRateScale,
        @Nullable Double weightDecay) {
    /** The segments of some consecutive parameters; neighbours of one group and one kind are one. */
    public static List<Segment> of(List<Parameter> parameters) {
        List<Segment> segments = new ArrayList<>();
        long at = 0;
        for (Parameter p : parameters) {
            FlatRange range = new FlatRange(at, at + p.shape().elements());
            at = range.end();
            Segment next = new Segment(
                    range,
                    p.group().parameters(),
                    p.role() == Parameter.Role.WEIGHT,
                    p.group().learningRateScale(),
                    p.group().weightDecay());
            int last = segments.size() - 1;
            if (last >= 0 && segments.get(last).isAlike(next)) {
                segments.set(last, next.from(segments.get(last).range().start()));
            } else {
                segments.add(next);
            }
        }
        return segments;
    }

    /** What lies in a part of the values, counted from its start. */
    public static List<Segment> within(FlatRange part, List<Segment> segments) {
        List<Segment> found = new ArrayList<>();
        for (Segment segment : segments) {
            FlatRange both = segment.range.intersect(part);
            if (!both.isEmpty()) {
                found.add(segment.with(both.relativeTo(part.start())));
            }
        }
        return found;
    }

    private boolean isAlike(Segment other) {
        return with(other.range).equals(other);
    }

    private Segment from(long start) {
        return with(new FlatRange(start, range.end()));
    }

    /** The same treatment of other values. */
    public Segment with(FlatRange other) {
        return new Segment(other, group, decays, learningRateScale, weightDecay);
    }
}
