package dev.jumbo.data.prepare;

import dev.jumbo.data.Field;
import dev.jumbo.data.Transform;
import dev.jumbo.error.InputException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The raw fields that transforms read from columns, or keys, of one name each. */
final class RawColumns {
    private RawColumns() {}

    /** By name, in the order of the transforms. @throws InputException if two transforms read one column in two ways */
    static Map<String, Field> of(Map<String, Transform> inputs) {
        Map<String, Field> fields = new LinkedHashMap<>();
        inputs.forEach((name, transform) -> {
            List<Field> raw = transform.rawFields(name);
            for (Field field : raw) {
                Field other = fields.putIfAbsent(field.name(), field);
                if (other != null && !other.equals(field)) {
                    throw new InputException("inputs: expected each column to be read in one way, received \""
                            + field.name() + "\" as " + other.meaning() + " and as " + field.meaning());
                }
            }
        });
        return fields;
    }
}
