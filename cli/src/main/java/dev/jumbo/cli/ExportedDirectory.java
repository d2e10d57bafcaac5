package dev.jumbo.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.models.language.HuggingFace;
import dev.jumbo.tensor.DType;
import dev.jumbo.text.PretrainedTokens;
import dev.jumbo.text.chat.ChatTransform;
import dev.jumbo.text.transform.TokenizerTransform;
import dev.jumbo.train.StartingTokenizer;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint as a Hugging Face directory.
 *
 * @param directory where it is
 * @param files what it has
 */
record ExportedDirectory(Path directory, List<String> files) {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})\\s*(B|KB|MB|GB|TB)?", Pattern.CASE_INSENSITIVE);
    private static final Set<DType> TYPES = Set.of(DType.FLOAT32, DType.FLOAT16, DType.BFLOAT16);
    /** Files that say nothing of texts. */
    private static final Set<String> OF_THE_MODEL = Set.of("config.json", "generation_config.json");

    private static final long STEP = 1000;

    /** @throws InputException if the model is of no public architecture */
    static ExportedDirectory write(Checkpoint checkpoint, Path directory, @Nullable DType type, String maxShardSize) {
        if (type != null && !TYPES.contains(type)) {
            throw new InputException("--dtype: expected float32, float16 or bfloat16, received " + type);
        }
        ModelFile model = checkpoint.description();
        HuggingFace.write(
                directory,
                model.model(),
                model.inputs(),
                model.targets(),
                checkpoint.source(),
                files(model),
                type,
                bytes(maxShardSize));
        try (Stream<Path> files = Files.list(directory)) {
            return new ExportedDirectory(
                    directory,
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        } catch (IOException e) {
            throw new FailureException("cannot read " + directory + ": " + e, e);
        }
    }

    /** Those that go with the model, and of one that was trained here the tokenizer of its texts: no file of another one that it began with. */
    private static Map<String, Path> files(ModelFile model) {
        Map<String, Path> files = new LinkedHashMap<>(model.files());
        Map<String, Path> own = new LinkedHashMap<>();
        Stream.of(model.transforms(), model.madeBy())
                .flatMap(transforms -> transforms.values().stream())
                .filter(transform -> transform instanceof TokenizerTransform || transform instanceof ChatTransform)
                .flatMap(transform -> transform.files().stream())
                .forEach(file -> PretrainedTokens.FILES.stream()
                        .filter(name -> file.toString().endsWith(name))
                        .findFirst()
                        .ifPresent(name -> own.put(name, file)));
        if (!StartingTokenizer.differing(files.values(), own.values()).isEmpty()) {
            files.keySet().retainAll(OF_THE_MODEL);
        }
        files.putAll(own);
        return files;
    }

    /** Bytes of a size such as 500MB, of 1,000 steps as the library that reads it counts. */
    static long bytes(String size) {
        Matcher matcher = SIZE.matcher(size.strip());
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
            throw new InputException("--max-shard-size: expected a size as in 500MB or 5GB, received " + size);
        }
        long bytes = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2) == null ? "B" : matcher.group(2).toUpperCase(Locale.ROOT);
        for (int i = List.of("B", "KB", "MB", "GB", "TB").indexOf(unit); i > 0; i--) {
            bytes = Math.multiplyExact(bytes, STEP);
        }
        return bytes;
    }

    String text() {
        return directory + ": " + String.join(", ", files);
    }

    ObjectNode json() {
        ObjectNode said = JsonNodeFactory.instance.objectNode();
        said.put("directory", directory.toString());
        files.forEach(said.putArray("files")::add);
        return said;
    }
}
