package dev.jumbo.train.shard;

import dev.jumbo.nn.FlatOrder;
import dev.jumbo.nn.FlatRange;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Segment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a worker has of one parameter.
 *
 * @param region whose flat memory has the parameter
 * @param inParameter which of its values
 * @param inRegion their place there
 * @param whole their place among the values of the whole model
 * @param here their place among those of the worker
 */
record Piece(
        Parameter parameter,
        SharedRegion region,
        FlatRange inParameter,
        FlatRange inRegion,
        FlatRange whole,
        FlatRange here) {
    /** This worker's, in the order of the whole model: weights first, as everywhere. */
    static List<Piece> inOrder(FlatOrder order, List<SharedRegion> regions) {
        Map<Parameter, SharedRegion> holders = new HashMap<>();
        regions.forEach(region -> region.flat().parameters().forEach(p -> holders.put(p, region)));
        List<Piece> pieces = new ArrayList<>();
        long start = 0;
        long here = 0;
        for (Parameter p : order.trainable()) {
            SharedRegion region = holders.get(p);
            if (region == null) {
                throw new IllegalStateException("the parameter " + p.name() + " is in no block");
            }
            FlatRange place = region.place(p);
            FlatRange own = region.share(region.rank()).intersect(place);
            if (!own.isEmpty()) {
                FlatRange inParameter = own.relativeTo(place.start());
                FlatRange whole = new FlatRange(start + inParameter.start(), start + inParameter.end());
                pieces.add(new Piece(p, region, inParameter, own, whole, new FlatRange(here, here + own.length())));
                here += own.length();
            }
            start += p.shape().elements();
        }
        return pieces;
    }

    /** What an optimizer treats alike among the worker's values. */
    static List<Segment> segments(List<Piece> pieces, List<Segment> ofWhole) {
        List<Segment> segments = new ArrayList<>();
        for (Piece piece : pieces) {
            for (Segment part : Segment.within(piece.whole(), ofWhole)) {
                FlatRange here = new FlatRange(
                        piece.here().start() + part.range().start(),
                        piece.here().start() + part.range().end());
                int last = segments.size() - 1;
                Segment joined = last < 0 ? part : segments.get(last).with(part.range());
                if (last >= 0 && joined.equals(part)) {
                    FlatRange both = new FlatRange(segments.get(last).range().start(), here.end());
                    segments.set(last, part.with(both));
                } else {
                    segments.add(part.with(here));
                }
            }
        }
        return segments;
    }
}
