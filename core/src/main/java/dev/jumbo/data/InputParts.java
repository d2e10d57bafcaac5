package dev.jumbo.data;

import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Fields of {@link Meaning.Parts} as the inputs that a network sees. */
public final class InputParts {
    private InputParts() {}

    /** Each field, or the inputs that it holds. */
    static List<Field> fields(List<Field> fields) {
        List<Field> all = new ArrayList<>();
        for (Field field : fields) {
            if (field.meaning() instanceof Meaning.Parts parts) {
                parts.widths().forEach((name, width) -> all.add(Field.floats(name, Shape.of(width))));
            } else {
                all.add(field);
            }
        }
        return all;
    }

    /** Puts a tensor under its field's name, or its parts under theirs. @param x {@code [N, ...]} */
    public static void put(Field field, Tensor x, Map<String, Tensor> into) {
        if (field.meaning() instanceof Meaning.Parts parts) {
            long at = 0;
            for (Map.Entry<String, Integer> part : parts.widths().entrySet()) {
                into.put(part.getKey(), x.narrow(1, at, part.getValue()));
                at += part.getValue();
            }
        } else {
            into.put(field.name(), x);
        }
    }
}
