package dev.jumbo.tensor;

import java.util.List;

/**
 * Rotary position embedding (Su et al., 2021, equation 34): pairs of values of queries and keys are turned by an angle that grows
 * with the position, so that their product depends on the distance of both. The pair of value i is value {@code i + d / 2}, as
 * Llama's public weights have it (the paper pairs neighbours).
 */
public final class Rotary {
    private final Tensor cos;
    private final Tensor sin;

    private Rotary(Tensor cos, Tensor sin) {
        this.cos = cos;
        this.sin = sin;
    }

    /**
     * The turns of some positions.
     *
     * @param frequencies angle of one step for each of {@code d / 2} pairs
     * @param positions {@code [T]}, or {@code [N, T]} where examples differ
     * @param like its type and device are those of what is turned
     */
    public static Rotary of(float[] frequencies, Tensor positions, Tensor like) {
        return of(frequencies, 1, positions, like);
    }

    /** As {@link #of(float[], Tensor, Tensor)}, of turns that also stretch. @param factor what is turned is multiplied by it */
    public static Rotary of(float[] frequencies, double factor, Tensor positions, Tensor like) {
        return of(Tensor.of(frequencies, Shape.of(frequencies.length)), factor, positions, like);
    }

    /** As {@link #of(float[], double, Tensor, Tensor)}, where each example has frequencies of its own. @param frequencies {@code [N][d / 2]} */
    public static Rotary ofRows(float[][] frequencies, double factor, Tensor positions, Tensor like) {
        int pairs = frequencies[0].length;
        float[] all = new float[frequencies.length * pairs];
        for (int i = 0; i < all.length; i++) {
            all[i] = frequencies[i / pairs][i % pairs];
        }
        return of(Tensor.of(all, Shape.of(frequencies.length, 1, pairs)), factor, positions, like);
    }

    private static Rotary of(Tensor frequencies, double factor, Tensor positions, Tensor like) {
        Tensor steps = frequencies.to(like.device());
        Tensor angles =
                positions.to(like.device()).to(DType.FLOAT32).unsqueeze(-1).mul(steps);
        Tensor c = Tensor.wrap(angles.handle().cos());
        Tensor s = Tensor.wrap(angles.handle().sin());
        if (factor != 1) {
            c = c.mul(factor);
            s = s.mul(factor);
        }
        int last = angles.rank() - 1;
        // The first half is turned with the other sign: no negated copy of the values.
        Tensor cos = Tensor.cat(List.of(c, c), last);
        Tensor sin = Tensor.cat(List.of(s.neg(), s), last);
        return new Rotary(cos.unsqueeze(-2).to(like.dtype()), sin.unsqueeze(-2).to(like.dtype()));
    }

    /** @param x {@code [N, T, heads, d]} */
    public Tensor turn(Tensor x) {
        long half = x.size(3) / 2;
        Tensor swapped = Tensor.cat(List.of(x.narrow(3, half, half), x.narrow(3, 0, half)), 3);
        return x.mul(cos).add(swapped.mul(sin));
    }
}
