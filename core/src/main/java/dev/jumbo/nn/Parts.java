package dev.jumbo.nn;

import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Specs;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The layers of a described model by their paths, at any depth: {@code layers.3.self_attn}, the path of their parameters.
 *
 * <pre>{@code
 * Layer adapted = Parts.swap(model, in, "layers.3.linear1", layer -> new Lora(layer, 8));
 * }</pre>
 */
public final class Parts {
    private Parts() {}

    /** All of them, each container before its parts, with paths as seen from the model. */
    public static List<Layer.Part> all(Layer model, Specs in) {
        List<Layer.Part> found = new ArrayList<>();
        open("", model, in, found);
        return found;
    }

    private static void open(String path, Layer layer, Specs in, List<Layer.Part> into) {
        for (Layer.Part part : layer.parts(in)) {
            String inside = join(path, part.path());
            into.add(new Layer.Part(inside, part.layer(), part.inputs()));
            open(inside, part.layer(), part.inputs(), into);
        }
    }

    /** The part of a path. @throws InputException if there is none */
    public static Layer.Part at(Layer model, Specs in, String path) {
        return all(model, in).stream()
                .filter(part -> part.path().equals(path))
                .findFirst()
                .orElseThrow(() -> unknown(model, in, path));
    }

    /**
     * The model with another layer at a path. A block that gets its own one there is as if none had been swapped.
     *
     * @param change gives the new layer for the one that is there; it takes and makes what that one does
     * @throws InputException if there is no such path
     * @throws ShapeException if the new layer does not fit
     */
    public static Layer swap(Layer model, Specs in, String path, UnaryOperator<Layer> change) {
        Layer.@Nullable Part part = nearest(model.parts(in), path);
        if (part != null) {
            try {
                Layer other = part.path().equals(path)
                        ? fitting(part, change.apply(part.layer()))
                        : swap(
                                part.layer(),
                                part.inputs(),
                                path.substring(part.path().length() + 1),
                                change);
                Layer own = model.withOwnPart(part.path());
                return has(own, in, part.path(), other) ? own : model.withPart(part.path(), other);
            } catch (ShapeException e) {
                throw e.within(part.path());
            }
        }
        throw unknown(model, in, path);
    }

    /** Whether a layer is at a path already: then none needs to be put there, and a description says no more than it has to. */
    private static boolean has(Layer model, Specs in, String path, Layer layer) {
        return model.parts(in).stream()
                .anyMatch(part -> part.path().equals(path) && part.layer().equals(layer));
    }

    /** The part of this path, or the one inside which it is: of {@code attention} and {@code attention.norm} the longer one that fits. */
    private static Layer.@Nullable Part nearest(List<Layer.Part> parts, String path) {
        Layer.@Nullable Part found = null;
        for (Layer.Part part : parts) {
            boolean fits = path.equals(part.path()) || path.startsWith(part.path() + ".");
            if (fits && (found == null || part.path().length() > found.path().length())) {
                found = part;
            }
        }
        return found;
    }

    /** @return other, which takes what the part is given and makes what it made */
    private static Layer fitting(Layer.Part part, Layer other) {
        Specs before = part.layer().outputs(part.inputs());
        Specs after = other.outputs(part.inputs());
        if (!after.all().equals(before.all())) {
            throw new ShapeException("", "a layer that makes " + before + " of " + part.inputs(), after);
        }
        return other;
    }

    private static InputException unknown(Layer model, Specs in, String path) {
        List<String> paths = all(model, in).stream().map(Layer.Part::path).toList();
        return new InputException("the model has no layer \"" + path + "\"" + Nearest.hint(path, paths));
    }

    /** The path of a part seen from outside its container. */
    public static String join(String container, String part) {
        return container.isEmpty() ? part : container + "." + part;
    }
}
