package dev.jumbo.models.language;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.error.IoProblem;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The directories that make_decoder_fixtures.py and make_encoder_fixtures.py write, and changes of copies of them. */
final class Fixtures {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Fixtures() {}

    /** Those of make_decoder_fixtures.py. */
    static List<String> decoders() {
        return List.of(
                "gpt2",
                "gpt2_options",
                "llama",
                "llama_tied",
                "llama_bf16",
                "llama_shards",
                "llama_linear",
                "llama_dynamic",
                "llama_llama3",
                "llama_yarn",
                "llama_yarn_mscale",
                "llama_longrope",
                "llama_old_keys",
                "mistral",
                "mistral_whole",
                "qwen2",
                "qwen3",
                "smollm3");
    }

    static Path of(String name) {
        try {
            @Nullable URL decoder = Fixtures.class.getResource("/decoders/" + name);
            URL found = decoder == null ? Fixtures.class.getResource("/hf/" + name) : decoder;
            return Path.of(Objects.requireNonNull(found, name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As it would be downloaded: a variant with the weights that it is of. */
    static Path copy(String name, Path into) {
        try {
            Path from = of(name);
            Path target = Files.createDirectories(into.resolve(name));
            copyFiles(from, target);
            Path base = from.resolve("base.txt");
            if (Files.exists(base)) {
                Path weights = of(Files.readString(base).strip()).resolve("model.safetensors");
                Files.copy(weights, target.resolve("model.safetensors"));
            }
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(IoProblem.of(e), e);
        }
    }

    private static void copyFiles(Path from, Path target) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(file.getFileName().toString()));
            }
        }
    }

    /** Other tensors. */
    static void rewrite(Path directory, Consumer<Map<String, Tensor>> change) {
        Path file = directory.resolve("model.safetensors");
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            TensorSource.open(file)
                    .tensors()
                    .forEach((name, stored) -> tensors.put(name, stored.read().get()));
            change.accept(tensors);
            Safetensors.write(file, tensors, Map.of());
        }
    }

    /** Another config.json. */
    static void change(Path directory, Consumer<ObjectNode> change) throws IOException {
        Path file = directory.resolve("config.json");
        ObjectNode config = (ObjectNode) JSON.readTree(file.toFile());
        change.accept(config);
        Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(config));
    }

    /** A value of JSON, or a text where it is none. */
    static JsonNode value(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            return JSON.getNodeFactory().textNode(json);
        }
    }
}
