package dev.jumbo.data.table.encode;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import java.util.Arrays;
import java.util.List;

/**
 * A number as {@code scale * (f(x) - origin) + shift}, where f is the identity or {@code log(1 + x)}; or, with edges {@code e_0 < e_1
 * < ... < e_n}, as n inputs of which the t-th is {@code (f(x) - e_t-1) / (e_t - e_t-1)} limited to [0, 1] (piecewise
 * linear encoding: Gorishniy et al., "On Embeddings for Numerical Features in Tabular Deep Learning", 2022). All of it in
 * double, rounded to float32 last.
 */
@Kind("number")
public record NumberFeature(
        @Doc("Stands for a missing value, before everything else.")
        double fill,

        @Doc("Takes log(1 + x), of negative numbers -log(1 - x).")
        boolean log1p,

        @Doc("Factor, without edges.") double scale,
        @Doc("Added after the factor, without edges.") double shift,

        @Doc("Borders of the pieces, ascending; empty: one input.")
        List<Double> edges,

        @Doc("A last input that is 1 where the value was missing.")
        boolean indicator,

        @Doc("Taken away before the factor, without edges.") @Default("0")
        double origin)
        implements TableFeature {

    public NumberFeature {
        edges = List.copyOf(edges);
        for (int i = 1; i < edges.size(); i++) {
            if (!(edges.get(i - 1) < edges.get(i))) {
                throw new InputException("expected ascending edges, received " + edges);
            }
        }
        if (edges.size() == 1) {
            throw new InputException("expected no edges or at least two, received " + edges);
        }
    }

    /** With origin 0. */
    public NumberFeature(
            double fill, boolean log1p, double scale, double shift, List<Double> edges, boolean indicator) {
        this(fill, log1p, scale, shift, edges, indicator, 0);
    }

    @Override
    public int width() {
        return Math.max(1, edges.size() - 1) + (indicator ? 1 : 0);
    }

    @Override
    public void encode(double raw, float[] out, int at) {
        boolean missing = Double.isNaN(raw);
        double value = prepared(missing ? fill : raw, log1p);
        int pieces = edges.size() - 1;
        if (pieces < 1) {
            out[at] = (float) (scale * (value - origin) + shift);
        } else {
            Arrays.fill(out, at, at + pieces, 0);
            for (int t = 0; t < pieces && value > edges.get(t); t++) {
                double low = edges.get(t);
                out[at + t] = (float) Math.min(1, (value - low) / (edges.get(t + 1) - low));
            }
        }
        if (indicator) {
            out[at + width() - 1] = missing ? 1 : 0;
        }
    }

    static double prepared(double value, boolean log1p) {
        return log1p ? Math.signum(value) * Math.log1p(Math.abs(value)) : value;
    }
}
