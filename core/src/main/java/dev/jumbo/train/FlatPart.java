package dev.jumbo.train;

import dev.jumbo.nn.FlatRange;
import dev.jumbo.nn.FlatSlice;
import dev.jumbo.nn.PlacedParameter;
import dev.jumbo.nn.Segment;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Tensor;
import java.util.List;

/**
 * A contiguous part of the values of a model, which an optimizer of its own steps: as much of it as this worker has, which may be nothing.
 * Who steps several of them says once that values have changed.
 */
final class FlatPart implements FlatSlice {
    private final FlatSlice whole;
    private final FlatRange range;
    /** Of it what this worker has, in the values of the whole model. */
    private final FlatRange own;

    private final Tensor values;

    /** @param whole what this worker has of the model @param range in the values of the whole model */
    FlatPart(FlatSlice whole, FlatRange range) {
        this.whole = whole;
        this.range = range;
        try (Scope scope = Scope.open()) {
            FlatRange here =
                    new FlatRange(whole.start(), whole.start() + whole.values().elements());
            FlatRange both = range.intersect(here);
            own = both.isEmpty() ? new FlatRange(here.start(), here.start()) : both;
            values = held().of(whole.values()).retain();
        }
    }

    private FlatRange held() {
        return own.relativeTo(whole.start());
    }

    /** In the values of the whole model. */
    FlatRange range() {
        return range;
    }

    /** Where what this worker has begins, counted from the start of the range. */
    long offset() {
        return own.isEmpty() ? 0 : own.start() - range.start();
    }

    @Override
    public Tensor values() {
        return values;
    }

    @Override
    public Tensor gradients() {
        return held().of(whole.gradients());
    }

    @Override
    public long start() {
        return own.start();
    }

    @Override
    public List<Segment> segments() {
        return Segment.within(held(), whole.segments());
    }

    @Override
    public List<PlacedParameter> parameters() {
        return whole.parameters().stream()
                .filter(p -> {
                    FlatRange at = p.segment().range();
                    return held().intersect(at).equals(at);
                })
                .map(p -> p.relativeTo(held().start()))
                .toList();
    }

    @Override
    public void valuesChanged() {}

    /** Gives the view back; the values stay. */
    void release() {
        values.close();
    }
}
