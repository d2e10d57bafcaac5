package dev.jumbo.nn;

import dev.jumbo.nn.Packing.Kernel;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.PackedProduct;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A product for inference. At its first pass the kernels are held against the plain layer on the values that arrive, asked whether a row
 * has the same bits alone and with others, and measured. One that keeps a row's bits goes before one that does not, so that batches need
 * not be divided; among equals the fastest is taken. It is the same for every size of batch from then on.
 */
final class PackedLayer implements UnaryNetwork {
    /** Rows that a weight is packed for. */
    static final long ROWS = 8;

    /** How far a kernel may be from the plain layer, as a share of its largest value: more is no rounding. */
    private static final double ROUNDING = 1e-4;

    /** Measured with, and asked for a row's bits with. */
    private static final int[] SIZES = {1, 2, 3, 5, 8, 32};

    private static final int[] FEW = {1, 3};

    /** What one row may take for the larger sizes to be looked at. */
    private static final double EXPENSIVE_MICROSECONDS = 300;

    private static final long NANOSECONDS = 600_000;

    /** Packs the weight for a kernel. */
    @FunctionalInterface
    interface Packed {
        /** @param x an input as it will be */
        PackedProduct of(PackedProduct.Kernel kernel, Tensor x);
    }

    private final Packing packing;
    private final String path;
    private final Activation activation;
    private final UnaryNetwork plain;
    private final Packed packed;
    private volatile @Nullable Kernel kernel;
    private @Nullable PackedProduct product;

    PackedLayer(Packing packing, String path, Activation activation, UnaryNetwork plain, Packed packed) {
        this.packing = packing;
        this.path = path;
        this.activation = activation;
        this.plain = plain;
        this.packed = packed;
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
        if (x.dtype() != DType.FLOAT32 || x.elements() == 0) {
            return plain.forward(x, pass);
        }
        if (kernel == null) {
            choose(x);
        }
        return computed(product, x, pass);
    }

    private Tensor computed(@Nullable PackedProduct by, Tensor x, Pass pass) {
        if (by == null) {
            return plain.forward(x, pass);
        }
        Tensor y = by.apply(x);
        return activation == Activation.RELU ? y : activation.apply_(y);
    }

    private synchronized void choose(Tensor x) {
        if (kernel != null) {
            return;
        }
        Kernel known = packing.choice(path);
        if (known == null) {
            try (Scope scope = Scope.open()) {
                known = measured(x);
            }
            packing.chosen(path, known);
        }
        product = known == Kernel.PLAIN ? null : packed.of(library(known), x);
        kernel = known;
    }

    private static PackedProduct.Kernel library(Kernel kernel) {
        return kernel == Kernel.ONEDNN ? PackedProduct.Kernel.ONEDNN : PackedProduct.Kernel.XNNPACK;
    }

    /** A kernel with what was found about it. */
    private record Trial(Kernel kernel, boolean keepsRows, double cost) {}

    private Kernel measured(Tensor x) {
        Pass pass = Pass.inference();
        Tensor[] batches = batches(x, 4);
        Tensor row = batches[0];
        plain.forward(row, pass);
        double once = microseconds(null, row, pass);
        int[] sizes = once > EXPENSIVE_MICROSECONDS ? FEW : SIZES;
        batches = batches(x, sizes[sizes.length - 1]);
        Map<Kernel, PackedProduct> made = new EnumMap<>(Kernel.class);
        List<Trial> trials = new ArrayList<>();
        try {
            trials.add(trial(Kernel.PLAIN, null, batches, sizes, pass));
            for (Kernel each : List.of(Kernel.ONEDNN, Kernel.XNNPACK)) {
                PackedProduct by = tried(each, x, batches, pass);
                if (by != null) {
                    made.put(each, by);
                    trials.add(trial(each, by, batches, sizes, pass));
                }
            }
        } finally {
            made.values().forEach(PackedProduct::close);
        }
        boolean some = trials.stream().anyMatch(Trial::keepsRows);
        Trial best = trials.get(0);
        for (Trial trial : trials) {
            boolean fits = !some || trial.keepsRows();
            if (fits && ((some && !best.keepsRows()) || trial.cost() < best.cost())) {
                best = trial;
            }
        }
        return best.kernel();
    }

    /** The packed product if it works and gives the plain layer's values. */
    private @Nullable PackedProduct tried(Kernel each, Tensor x, Tensor[] batches, Pass pass) {
        PackedProduct by = null;
        try {
            by = packed.of(library(each), x);
            float[] expected = plain.forward(batches[0], pass).toFloats();
            float[] received = computed(by, batches[0], pass).toFloats();
            double largest = 0;
            double apart = 0;
            for (int i = 0; i < expected.length; i++) {
                largest = Math.max(largest, Math.abs(expected[i]));
                apart = Math.max(apart, Math.abs(expected[i] - received[i]));
            }
            if (apart <= ROUNDING * (1 + largest)) {
                return by;
            }
            packing.refused(path + each, path + ": " + each + " is off by " + apart);
        } catch (RuntimeException e) {
            packing.refused(
                    path + each,
                    path + ": " + each + " refuses: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
        if (by != null) {
            by.close();
        }
        return null;
    }

    private Trial trial(Kernel each, @Nullable PackedProduct by, Tensor[] batches, int[] sizes, Pass pass) {
        double cost = 0;
        List<float[]> alone = new ArrayList<>();
        boolean keeps = true;
        for (int size : sizes) {
            try (Scope scope = Scope.open()) {
                Tensor x = joined(batches, 0, size);
                if (size == 1 || size >= ROWS) {
                    cost += Math.log(microseconds(by, x, pass));
                }
                float[] all = computed(by, x, pass).toFloats();
                int width = all.length / size;
                while (alone.size() < size) {
                    alone.add(computed(by, batches[alone.size()], pass).toFloats());
                }
                for (int i = 0; i < size; i++) {
                    keeps &= Arrays.equals(alone.get(i), Arrays.copyOfRange(all, i * width, (i + 1) * width));
                }
            }
        }
        return new Trial(each, keeps, cost);
    }

    /** The best of some calls. */
    private double microseconds(@Nullable PackedProduct by, Tensor x, Pass pass) {
        long end = System.nanoTime() + NANOSECONDS;
        double best = Double.MAX_VALUE;
        for (int calls = 0; calls < 3 || System.nanoTime() < end; calls++) {
            try (Scope scope = Scope.open()) {
                long start = System.nanoTime();
                computed(by, x, pass);
                best = Math.min(best, (System.nanoTime() - start) / 1e3);
            }
        }
        return best;
    }

    /** Rows like those that arrive, each another one. */
    private static Tensor[] batches(Tensor x, int count) {
        Tensor[] rows = new Tensor[count];
        for (int i = 0; i < count; i++) {
            Tensor row = x.narrow(0, i % x.size(0), 1).mul(1 + 0.037 * i);
            rows[i] = x.rank() == 4 ? Functional.channelsLast(row) : row.contiguous();
        }
        return rows;
    }

    private static Tensor joined(Tensor[] rows, int from, int count) {
        if (count == 1) {
            return rows[from];
        }
        Tensor all = Tensor.cat(Arrays.asList(rows).subList(from, from + count), 0);
        return all.rank() == 4 ? Functional.channelsLast(all) : all;
    }

    void close() {
        if (product != null) {
            product.close();
        }
    }
}
