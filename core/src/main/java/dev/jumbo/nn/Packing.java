package dev.jumbo.nn;

import dev.jumbo.tensor.PackedProduct;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The products of a model that is built for inference: dense layers and convolutions, each by the {@link Kernel} that was found to be the
 * fastest for it on this machine. They are packed at the first pass. Close it to free what is packed.
 */
public final class Packing implements AutoCloseable {
    /** How a product is computed. */
    public enum Kernel {
        /** As in training. */
        PLAIN,
        ONEDNN,
        XNNPACK
    }

    private final Map<String, Kernel> choices;
    private final List<PackedLayer> layers = new ArrayList<>();
    private final Map<String, String> refused = new ConcurrentHashMap<>();

    /** @param choices by the path of a layer: those of an equal model, which are not measured again; what is found is added */
    public Packing(Map<String, Kernel> choices) {
        this.choices = choices;
    }

    /** A dense layer. @param plain computes it as in training */
    public UnaryNetwork linear(
            String path, Parameter weight, @Nullable Parameter bias, Activation activation, UnaryNetwork plain) {
        return added(new PackedLayer(
                this,
                path,
                activation,
                plain,
                (kernel, x) -> PackedProduct.linear(
                        kernel,
                        weight.tensor(),
                        bias == null ? null : bias.tensor(),
                        activation == Activation.RELU,
                        PackedLayer.ROWS)));
    }

    /** A convolution that pads all sides alike. @param plain computes it as in training */
    public UnaryNetwork conv2d(
            String path,
            Parameter weight,
            @Nullable Parameter bias,
            Activation activation,
            PackedProduct.Convolution how,
            UnaryNetwork plain) {
        return added(new PackedLayer(
                this,
                path,
                activation,
                plain,
                (kernel, x) -> PackedProduct.conv2d(
                        kernel,
                        weight.tensor(),
                        bias == null ? null : bias.tensor(),
                        how,
                        activation == Activation.RELU,
                        x.shape())));
    }

    private PackedLayer added(PackedLayer layer) {
        layers.add(layer);
        return layer;
    }

    @Nullable
    Kernel choice(String path) {
        return choices.get(path);
    }

    void chosen(String path, Kernel kernel) {
        choices.put(path, kernel);
    }

    void refused(String path, String why) {
        refused.put(path, why);
    }

    /** Kernels that fail or give other values than the plain layer, by the path of the layer, in words. */
    public Collection<String> refused() {
        return List.copyOf(refused.values());
    }

    /** Whether any layer runs otherwise than in training. */
    public boolean isPacked() {
        return choices.values().stream().anyMatch(kernel -> kernel != Kernel.PLAIN);
    }

    /** As in {@code 2 of 4 products packed (xnnpack 2)}. */
    public String said() {
        Map<Kernel, Integer> counts = new EnumMap<>(Kernel.class);
        choices.values().forEach(kernel -> counts.merge(kernel, 1, Integer::sum));
        int plain = counts.getOrDefault(Kernel.PLAIN, 0);
        counts.remove(Kernel.PLAIN);
        StringBuilder said = new StringBuilder();
        counts.forEach((kernel, count) -> said.append(said.length() == 0 ? " (" : ", ")
                .append(kernel.name().toLowerCase(Locale.ROOT))
                .append(' ')
                .append(count));
        return choices.size() - plain + " of " + choices.size() + " products packed"
                + (said.length() == 0 ? "" : said + ")");
    }

    @Override
    public void close() {
        layers.forEach(PackedLayer::close);
    }
}
