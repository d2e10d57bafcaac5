package dev.jumbo.nn.adapt;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Parts;
import dev.jumbo.nn.layers.basic.Dense;
import dev.jumbo.nn.layers.basic.LoraDense;
import dev.jumbo.nn.layers.basic.LowRank;
import dev.jumbo.nn.layers.sequence.LoraAttention;
import dev.jumbo.nn.layers.sequence.MultiHeadAttention;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Matrices of a model that may have a change of low rank, and those that have one, by their paths: a dense layer by its own, a {@link
 * MultiHeadAttention} by {@code in_proj} and {@code out_proj} below its own.
 */
public final class Changes {
    private final Layer model;
    private final Specs in;
    private final Map<String, Matrix> matrices = new LinkedHashMap<>();
    private final Map<String, Layer> holders = new LinkedHashMap<>();
    private final Set<String> paths;

    /**
     * A matrix.
     *
     * @param holder path of the layer that has it
     * @param weight name of its parameter
     * @param shape {@code [out, in]}
     * @param change what it has, or null
     */
    public record Matrix(
            String holder,
            String weight,
            Shape shape,
            @Nullable LowRank change) {}

    private Changes(Layer model, Specs in) {
        this.model = model;
        this.in = in;
        List<Layer.Part> parts = Parts.all(model, in);
        List<String> all = new ArrayList<>();
        for (Layer.Part part : parts) {
            all.add(part.path());
            Shape given = part.inputs().main().shape();
            if (part.layer() instanceof Dense dense) {
                dense(part.path(), dense, given, null);
            } else if (part.layer() instanceof LoraDense lora) {
                dense(part.path(), (Dense) lora.base(), given, lora.adapter());
            } else if (part.layer() instanceof MultiHeadAttention attention) {
                attention(part.path(), attention, given, null, null);
            } else if (part.layer() instanceof LoraAttention lora) {
                attention(part.path(), lora.base(), given, lora.inProj(), lora.outProj());
            }
        }
        paths = Collections.unmodifiableSet(new LinkedHashSet<>(all));
    }

    private void dense(String path, Dense dense, Shape given, @Nullable LowRank change) {
        holders.put(path, dense);
        matrices.put(path, new Matrix(path, path + ".weight", Shape.of(dense.units(), given.size(-1)), change));
    }

    private void attention(String path, Layer attention, Shape given, @Nullable LowRank first, @Nullable LowRank last) {
        long d = given.size(-1);
        holders.put(path, attention);
        String joint = path + "." + LoraAttention.IN;
        String out = path + "." + LoraAttention.OUT;
        matrices.put(joint, new Matrix(path, joint + "_weight", Shape.of(3 * d, d), first));
        matrices.put(out, new Matrix(path, out + ".weight", Shape.of(d, d), last));
    }

    /** @param in one example of each input */
    public static Changes of(Layer model, Specs in) {
        return new Changes(model, in);
    }

    /** All matrices that have a change or may have one. */
    public Map<String, Matrix> matrices() {
        return Collections.unmodifiableMap(matrices);
    }

    /** Those that have one. */
    public Map<String, Matrix> changed() {
        Map<String, Matrix> changed = new LinkedHashMap<>(matrices);
        changed.values().removeIf(matrix -> matrix.change() == null);
        return changed;
    }

    /** The model. */
    Layer model() {
        return model;
    }

    /** Paths of all layers. */
    Set<String> paths() {
        return paths;
    }

    /** Whether a matrix is one of an attention's. */
    boolean isOfAttention(Matrix matrix) {
        return holders.get(matrix.holder()) instanceof MultiHeadAttention;
    }

    /** The model without changes. */
    public Layer none() {
        return with(Map.of());
    }

    /**
     * The model with these changes and no others.
     *
     * @param changes by the paths of {@link #matrices}
     * @throws InputException if a rank is above what its matrix has, all of them
     */
    public Layer with(Map<String, LowRank> changes) {
        List<String> wrong = new ArrayList<>();
        changes.forEach((path, change) -> {
            Matrix matrix = matrices.get(path);
            if (matrix == null) {
                wrong.add("the model has no matrix " + path);
                return;
            }
            try {
                change.requireFit(path, matrix.shape().size(0), matrix.shape().size(1));
            } catch (InputException e) {
                wrong.add(String.valueOf(e.getMessage()));
            }
        });
        if (!wrong.isEmpty()) {
            throw new InputException(String.join("; ", wrong));
        }
        Layer adapted = model;
        for (Map.Entry<String, Layer> holder : holders.entrySet()) {
            String path = holder.getKey();
            Layer plain = holder.getValue();
            LowRank own = changes.get(path);
            LowRank first = changes.get(path + "." + LoraAttention.IN);
            LowRank last = changes.get(path + "." + LoraAttention.OUT);
            if (own != null) {
                adapted = Parts.swap(adapted, in, path, layer -> new LoraDense(plain, own));
            } else if (first != null || last != null) {
                adapted = Parts.swap(adapted, in, path, layer -> new LoraAttention(plain, first, last));
            } else if (matrices.values().stream()
                    .anyMatch(each -> each.holder().equals(path) && each.change() != null)) {
                adapted = Parts.swap(adapted, in, path, layer -> plain);
            }
        }
        return adapted;
    }
}
