package dev.jumbo.serve.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.jumbo.data.Batch;
import dev.jumbo.data.Field;
import dev.jumbo.data.table.encode.RowReader;
import dev.jumbo.serve.wire.Datatype;
import dev.jumbo.tensor.Spec;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client must know of a tensor, for any protocol to write.
 *
 * @param shape batch first; {@link #ANY} where any size will do
 * @param namesKey what the names are: {@code classes}, {@code categories}
 * @param names those of the values; empty where they have none
 */
public record TensorInfo(String name, Datatype datatype, List<Long> shape, String namesKey, List<String> names) {
    /** A size that may vary. */
    public static final long ANY = -1;

    /** Inputs as callers send them: of a table its columns. */
    public static List<TensorInfo> inputs(ServedModel model) {
        RowReader table = model.predictor().rows();
        return table == null
                ? model.inputs().stream().map(field -> of(model, field)).toList()
                : new TableInputs(table).describe();
    }

    /** Inputs that may be left out: which steps of a ragged input are real. */
    public static List<TensorInfo> masks(ServedModel model) {
        List<TensorInfo> masks = new ArrayList<>();
        if (model.predictor().rows() == null) {
            for (Field field : model.inputs()) {
                if (field.isRagged()) {
                    String name = masks.isEmpty() ? Batch.MASK : field.name() + "_" + Batch.MASK;
                    masks.add(new TensorInfo(name, Datatype.BOOL, List.of(ANY, ANY), "classes", List.of()));
                }
            }
        }
        return masks;
    }

    public static List<TensorInfo> outputs(ServedModel model) {
        return model.outputs().stream().map(field -> of(model, field)).toList();
    }

    /** The names as a JSON list. */
    public String namesJson() {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        names.forEach(list::add);
        return list.toString();
    }

    private static TensorInfo of(ServedModel model, Field field) {
        Spec free = model.free(field.name());
        List<Long> shape = new ArrayList<>(List.of(ANY));
        long[] sizes = field.shape().toArray();
        for (int i = 0; i < sizes.length; i++) {
            boolean any = i == 0 && field.isRagged() || free != null && free.varies(i);
            shape.add(any ? ANY : sizes[i]);
        }
        return new TensorInfo(field.name(), Datatype.of(field), shape, "classes", field.classes());
    }
}
