package dev.jumbo.models.language;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.config.YamlText;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Weights as one safetensors file, or as several with an index where they are larger than one may be. */
final class Shards {
    private static final Map<String, String> METADATA = Map.of("format", "pt");

    private Shards() {}

    /**
     * @param type of what is written; as it is stored if null
     * @param most bytes of a file; a tensor is never divided
     */
    static void write(Path directory, TensorSource weights, @Nullable DType type, long most) throws IOException {
        List<List<Safetensors.Source>> shards = new ArrayList<>();
        List<Safetensors.Source> shard = new ArrayList<>();
        long held = 0;
        long total = 0;
        for (Map.Entry<String, TensorSource.Stored> each : weights.tensors().entrySet()) {
            TensorSource.Stored stored = each.getValue();
            DType written = type != null ? type : stored.dtype();
            long bytes = stored.shape().elements() * written.bytes();
            if (!shard.isEmpty() && held + bytes > most) {
                shards.add(shard);
                shard = new ArrayList<>();
                held = 0;
            }
            held += bytes;
            total += bytes;
            shard.add(new Safetensors.Source(
                    each.getKey(),
                    written,
                    stored.shape(),
                    () -> stored.read().get().to(written)));
        }
        shards.add(shard);
        if (shards.size() == 1) {
            Safetensors.write(directory.resolve(HuggingFace.WEIGHTS), shards.get(0), METADATA);
            return;
        }
        ObjectNode index = JsonNodeFactory.instance.objectNode();
        index.putObject("metadata").put("total_size", total);
        ObjectNode map = index.putObject("weight_map");
        for (int i = 0; i < shards.size(); i++) {
            String name = String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size());
            Safetensors.write(directory.resolve(name), shards.get(i), METADATA);
            shards.get(i).forEach(source -> map.put(source.name(), name));
        }
        Files.writeString(directory.resolve(HuggingFace.INDEX), YamlText.json(index));
    }
}
