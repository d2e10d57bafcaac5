package dev.jumbo.nn.layers.sequence;

import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;

/** Where the real steps of padded sequences are, so that a recurrence reads them alone, from either end. */
final class RealSteps {
    private final Tensor mask;
    private final int batch;
    private final int steps;
    private final int[] lengths;
    /** For each example its real steps in order, then the others. */
    private final int[][] order;

    private RealSteps(Tensor mask) {
        this.mask = mask;
        batch = (int) mask.size(0);
        steps = (int) mask.size(1);
        lengths = new int[batch];
        order = new int[batch][steps];
        long[] real = mask.to(DType.INT64).toLongs();
        for (int n = 0; n < batch; n++) {
            for (int t = 0; t < steps; t++) {
                lengths[n] += (int) real[n * steps + t];
            }
            int front = 0;
            int padding = lengths[n];
            for (int t = 0; t < steps; t++) {
                order[n][real[n * steps + t] == 1 ? front++ : padding++] = t;
            }
        }
    }

    /** @param mask BOOL {@code [N, T]} */
    static RealSteps of(Tensor mask) {
        return new RealSteps(mask);
    }

    /** Real steps first. @param x {@code [N, T, F]} */
    Tensor toFront(Tensor x) {
        return picked(x, (n, t) -> order[n][t]);
    }

    /** Real steps at their places again, zeros at the others. @param y as {@link #toFront} orders it */
    Tensor toPlaces(Tensor y) {
        int[][] places = new int[batch][steps];
        for (int n = 0; n < batch; n++) {
            for (int t = 0; t < steps; t++) {
                places[n][order[n][t]] = t;
            }
        }
        return picked(y, (n, t) -> places[n][t]).mul(mask.unsqueeze(2).to(y.dtype()));
    }

    /** Real steps from the last to the first, the others as they are: its own inverse. @param y as {@link #toFront} orders it */
    Tensor reversed(Tensor y) {
        return picked(y, (n, t) -> t < lengths[n] ? lengths[n] - 1 - t : t);
    }

    /** The last real step, {@code [N, F]}; zeros where there is none. @param y as {@link #toFront} orders it */
    Tensor last(Tensor y) {
        long[] indices = new long[batch];
        float[] some = new float[batch];
        for (int n = 0; n < batch; n++) {
            indices[n] = Math.max(0, lengths[n] - 1);
            some[n] = lengths[n] > 0 ? 1 : 0;
        }
        Tensor index = Tensor.of(indices, Shape.of(batch, 1, 1)).to(y.device()).expand(batch, 1, y.size(2));
        Tensor known = Tensor.of(some, Shape.of(batch, 1)).to(y.device()).to(y.dtype());
        return y.gather(1, index).squeeze(1).mul(known);
    }

    /** Which step of an example is read at a place. */
    @FunctionalInterface
    private interface Source {
        int at(int example, int place);
    }

    private Tensor picked(Tensor x, Source source) {
        boolean same = true;
        long[] indices = new long[batch * steps];
        for (int n = 0; n < batch; n++) {
            for (int t = 0; t < steps; t++) {
                indices[n * steps + t] = source.at(n, t);
                same = same && indices[n * steps + t] == t;
            }
        }
        if (same) {
            return x;
        }
        Tensor index = Tensor.of(indices, Shape.of(batch, steps, 1)).to(x.device());
        return x.gather(1, index.expand(batch, steps, x.size(2)));
    }
}
