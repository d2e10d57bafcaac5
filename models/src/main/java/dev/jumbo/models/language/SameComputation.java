package dev.jumbo.models.language;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.config.Records;
import dev.jumbo.nn.Initializer;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.Layers;
import java.util.ArrayList;
import java.util.List;

/** Whether two descriptions compute the same with the same weights: they are equal but for their first values. */
final class SameComputation {
    private static final Records RECORDS =
            Records.of().with(Layer.class, Layers.kinds()).with(Initializer.class, Initializers.kinds());

    private SameComputation() {}

    static boolean of(Layer a, Layer b) {
        return plain(a).equals(plain(b));
    }

    private static JsonNode plain(Layer layer) {
        JsonNode tree = RECORDS.write(Layer.class, layer);
        strip(tree);
        return tree;
    }

    private static void strip(JsonNode node) {
        if (node instanceof ObjectNode object) {
            List<String> initial = new ArrayList<>();
            object.fieldNames().forEachRemaining(name -> {
                if (name.endsWith("_initializer")) {
                    initial.add(name);
                }
            });
            object.remove(initial);
        }
        node.forEach(SameComputation::strip);
    }
}
