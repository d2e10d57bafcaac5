package dev.jumbo.train;

import dev.jumbo.nn.FlatRange;
import dev.jumbo.nn.FlatSlice;
import dev.jumbo.nn.Segment;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Tensor;
import java.util.List;

/** A contiguous part of flat values, which an optimizer of its own steps. */
final class FlatPart implements FlatSlice {
    private final FlatSlice whole;
    private final FlatRange range;
    private final Tensor values;

    /** @param range within the whole */
    FlatPart(FlatSlice whole, FlatRange range) {
        this.whole = whole;
        this.range = range;
        try (Scope scope = Scope.open()) {
            values = range.of(whole.values()).retain();
        }
    }

    @Override
    public Tensor values() {
        return values;
    }

    @Override
    public Tensor gradients() {
        return range.of(whole.gradients());
    }

    @Override
    public long start() {
        return whole.start() + range.start();
    }

    @Override
    public List<Segment> segments() {
        return Segment.within(range, whole.segments());
    }

    @Override
    public void valuesChanged() {
        whole.valuesChanged();
    }

    /** Gives the view back; the values stay. */
    void release() {
        values.close();
    }
}
