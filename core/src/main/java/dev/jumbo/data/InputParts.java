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
                parts.inputs().forEach(part -> all.add(Field.floats(part.name(), Shape.of(part.width()))));
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
            for (Meaning.Parts.Part part : parts.inputs()) {
                into.put(part.name(), x.narrow(1, at, part.width()));
                at += part.width();
            }
        } else {
            into.put(field.name(), x);
        }
    }
}
