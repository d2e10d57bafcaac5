package dev.jumbo.models.language;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.config.YamlText;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.Tensor;
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

    /** @throws InputException if the type has no number for a value, which would become an infinity */
    private static Tensor narrowed(String name, Tensor values, DType type) {
        Tensor written = values.to(type);
        boolean narrows = type == DType.FLOAT16 || type == DType.BFLOAT16;
        if (narrows && values.dtype() != type) {
            long lost = Math.round(values.isFinite().to(DType.FLOAT64).sum().item()
                    - written.isFinite().to(DType.FLOAT64).sum().item());
            if (lost > 0) {
                String said = type.name().toLowerCase(Locale.ROOT);
                throw new InputException("expected values that " + said + " has numbers for, up to "
                        + (type == DType.FLOAT16 ? "65504" : "3.39e38") + ", received " + lost + " beyond them in "
                        + name + "; write " + (type == DType.FLOAT16 ? "bfloat16 or float32" : "float32")
                        + " (--dtype) in its place");
            }
        }
        return written;
    }

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
                    () -> narrowed(each.getKey(), stored.read().get(), written)));
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
