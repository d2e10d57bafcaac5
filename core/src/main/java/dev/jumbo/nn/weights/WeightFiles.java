package dev.jumbo.nn.weights;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.config.YamlFile;
import dev.jumbo.error.InputException;
import dev.jumbo.error.IoProblem;
import dev.jumbo.error.Nearest;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Weights as Python's libraries save them: one safetensors file, or a directory with one, or with several and {@code
 * model.safetensors.index.json}:
 *
 * <pre>{"metadata": {"total_size": 123}, "weight_map": {"wte.weight": "model-00001-of-00002.safetensors", ...}}</pre>
 */
public final class WeightFiles {
    private static final String SUFFIX = ".safetensors";
    private static final String INDEX_SUFFIX = SUFFIX + ".index.json";
    private static final String WEIGHT_MAP = "weight_map";

    private static final int MOST_LISTED = 20;

    private WeightFiles() {}

    /**
     * Opens a file or a directory. Of files with an index every header is checked; values are read when they are asked for.
     *
     * @throws InputException if nothing is there, or what is there is not sound, with the file
     */
    public static TensorSource open(Path path) {
        if (Files.isRegularFile(path)) {
            return path.toString().endsWith(INDEX_SUFFIX) ? ofIndex(path) : TensorSource.open(path);
        }
        if (!Files.isDirectory(path)) {
            throw new InputException(
                    "expected weights at " + path + ", found nothing; give a safetensors file, a directory"
                            + " with one or with model.safetensors.index.json, a checkpoint or a run");
        }
        List<Path> indices = named(path, INDEX_SUFFIX);
        List<Path> files = named(path, SUFFIX);
        if (indices.size() == 1) {
            return ofIndex(indices.get(0));
        }
        if (indices.isEmpty() && files.size() == 1) {
            return TensorSource.open(files.get(0));
        }
        throw new InputException("expected one safetensors file in " + path + ", or several with one index (*"
                + INDEX_SUFFIX + "), found " + files.size() + " files and " + indices.size()
                + " indices; give the file itself");
    }

    private static List<Path> named(Path directory, String suffix) {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(p -> p.getFileName().toString().endsWith(suffix))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new InputException("the directory " + directory + " cannot be read: " + IoProblem.of(e), e);
        }
    }

    private static TensorSource ofIndex(Path index) {
        Map<String, List<String>> byFile = byFile(index, weightMap(index));
        Map<String, TensorSource.Stored> tensors = new LinkedHashMap<>();
        Map<String, String> seen = new LinkedHashMap<>();
        List<String> wrong = new ArrayList<>();
        byFile.forEach((name, expected) -> {
            SafetensorsFile file = Safetensors.open(
                    Objects.requireNonNull(index.toAbsolutePath().getParent()).resolve(name));
            for (String tensor : file.names()) {
                String other = seen.putIfAbsent(tensor, name);
                if (other != null) {
                    wrong.add("\"" + tensor + "\" is in " + other + " and in " + name);
                }
            }
            tensors.putAll(TensorSource.of(name, file).tensors());
            for (String tensor : expected) {
                if (file.names().contains(tensor)) {
                    continue;
                }
                if (file.unreadable().containsKey(tensor)) {
                    wrong.add("\"" + tensor + "\" in " + name + " is "
                            + file.unreadable().get(tensor) + ", a type that is not read here");
                } else {
                    wrong.add("\"" + tensor + "\" is not in " + name);
                }
            }
        });
        if (!wrong.isEmpty()) {
            int more = wrong.size() - MOST_LISTED;
            throw new InputException(index + " does not fit its files: "
                    + String.join("; ", wrong.subList(0, Math.min(wrong.size(), MOST_LISTED)))
                    + (more > 0 ? " and " + more + " more" : ""));
        }
        List<Path> files = new ArrayList<>(List.of(index));
        byFile.keySet().forEach(name -> files.add(index.resolveSibling(name)));
        return new NamedTensors(String.valueOf(index), files, tensors);
    }

    private static JsonNode weightMap(Path index) {
        JsonNode map = YamlFile.read(index).tree().path(WEIGHT_MAP);
        if (!map.isObject() || map.isEmpty()) {
            throw new InputException(
                    index + ": expected an object \"" + WEIGHT_MAP + "\" from names of tensors to files, found none");
        }
        return map;
    }

    /** Names by the file that has them; each a plain name of a file beside the index that is there. */
    private static Map<String, List<String>> byFile(Path index, JsonNode map) {
        Map<String, List<String>> byFile = new TreeMap<>();
        map.fields().forEachRemaining(entry -> {
            String file = entry.getValue().asText();
            if (!entry.getValue().isTextual()
                    || !file.matches("[A-Za-z0-9_][A-Za-z0-9._-]*")
                    || !file.endsWith(SUFFIX)) {
                throw new InputException(index + ": expected the name of a safetensors file beside the index for \""
                        + entry.getKey() + "\", received " + entry.getValue());
            }
            byFile.computeIfAbsent(file, f -> new ArrayList<>()).add(entry.getKey());
        });
        List<String> absent = byFile.keySet().stream()
                .filter(file -> !Files.isRegularFile(index.resolveSibling(file)))
                .toList();
        if (!absent.isEmpty()) {
            throw new InputException(
                    index + ": expected " + byFile.size() + " files beside the index, of which " + absent.size()
                            + " are missing: " + Nearest.first(absent) + "; fetch them, or the model is not whole");
        }
        return byFile;
    }
}
