package dev.jumbo.data.transform;

import dev.jumbo.data.Field;
import dev.jumbo.data.Transform;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The transforms of a model's raw inputs, made ready. Whatever is trained, measured, predicted or served goes through {@link #apply}. */
public final class OpenTransforms implements AutoCloseable {
    private final List<Field> raw;
    private final List<Field> outputs = new ArrayList<>();
    private final List<Transform.@Nullable Applied> applied = new ArrayList<>();

    private OpenTransforms(List<Field> raw) {
        this.raw = List.copyOf(raw);
    }

    /**
     * Opens transforms that are fitted.
     *
     * @param transforms by the name of the input; others stay as they are
     * @throws InputException if one names no input, or does not read it
     */
    public static OpenTransforms of(List<Field> raw, Map<String, Transform> transforms) {
        List<String> names = raw.stream().map(Field::name).toList();
        for (String name : transforms.keySet()) {
            if (!names.contains(name)) {
                throw new InputException("transforms: expected the name of an input, one of " + names + ", received \""
                        + name + "\"" + Nearest.hint(name, names));
            }
        }
        OpenTransforms open = new OpenTransforms(raw);
        try {
            for (Field field : raw) {
                Transform transform = transforms.get(field.name());
                open.outputs.add(transform == null ? field : transform.output(field));
                open.applied.add(transform == null ? null : transform.open(field));
            }
        } catch (RuntimeException e) {
            open.close();
            throw e;
        }
        return open;
    }

    /** The inputs before. */
    public List<Field> raw() {
        return raw;
    }

    /** The inputs behind, as a dataset would have them that needs no transform. */
    public List<Field> outputs() {
        return List.copyOf(outputs);
    }

    /** Whether an input is transformed. */
    boolean changes(int input) {
        return applied.get(input) != null;
    }

    /**
     * The values of an input of one example.
     *
     * @param value as {@link Transform.Applied#apply} takes it
     * @throws InputException naming the input
     */
    Object apply(int input, Object value) {
        Transform.Applied by = applied.get(input);
        if (by == null) {
            return value;
        }
        Field output = outputs.get(input);
        try {
            Object made = by.apply(value);
            int held = output.dtype() == DType.INT64 ? ((long[]) made).length : ((float[]) made).length;
            requireSize(output, held);
            return made;
        } catch (InputException e) {
            throw new InputException(output.name() + ": " + e.getMessage(), e);
        }
    }

    private static void requireSize(Field output, int held) {
        long most = output.elements();
        boolean fits = output.isRagged() ? held > 0 && held <= most && held % output.unit() == 0 : held == most;
        if (!fits) {
            throw new InputException("expected " + (output.isRagged() ? "1 to " : "") + most + " values of " + output
                    + " from its transform, received " + held);
        }
    }

    /** Steps of a ragged input of one example. */
    int steps(int input, Object value) {
        Transform.Applied by = applied.get(input);
        Field output = outputs.get(input);
        try {
            int known = by == null ? -1 : by.steps(value);
            if (known >= 0) {
                requireSize(output, Math.multiplyExact(known, output.unit()));
                return known;
            }
        } catch (InputException e) {
            throw new InputException(output.name() + ": " + e.getMessage(), e);
        }
        Object made = apply(input, value);
        return (made instanceof long[] ids ? ids.length : ((float[]) made).length) / output.unit();
    }

    @Override
    public void close() {
        for (Transform.Applied each : applied) {
            if (each != null) {
                each.close();
            }
        }
    }
}
