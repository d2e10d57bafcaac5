package dev.jumbo.models.generate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.IoProblem;
import dev.jumbo.files.Durable;
import dev.jumbo.text.PretrainedTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tokenizer of a Hugging Face directory, whose files a checkpoint keeps under other names. */
final class KeptTokenizer {
    private static final String ENDS = "eos_token_id";

    private KeptTokenizer() {}

    /** Whether a checkpoint keeps one. @param files by the names that they had */
    static boolean isIn(Map<String, Path> files) {
        return PretrainedTokens.FILES.stream().anyMatch(files::containsKey);
    }

    static TextCodec open(Map<String, Path> files) {
        Path folder = null;
        try {
            folder = Files.createTempDirectory("jumbo-tokenizer");
            for (Map.Entry<String, Path> file : files.entrySet()) {
                Files.copy(file.getValue(), folder.resolve(file.getKey()));
            }
            return TextCodec.of(PretrainedTokens.of(folder).resolved(), ends(files));
        } catch (IOException e) {
            throw new FailureException("cannot read the tokenizer of the checkpoint: " + IoProblem.of(e), e);
        } finally {
            delete(folder);
        }
    }

    private static void delete(@Nullable Path folder) {
        if (folder != null) {
            try {
                Durable.deleteDirectory(folder);
            } catch (IOException e) {
                throw new FailureException("cannot delete " + folder + ": " + IoProblem.of(e), e);
            }
        }
    }

    /** What a decoder begins with, as {@code generation_config.json} or {@code config.json} says. */
    static Optional<Integer> decoderStart(Map<String, Path> files) {
        try {
            for (String name : List.of("generation_config.json", "config.json")) {
                Path file = files.get(name);
                JsonNode start = file == null
                        ? null
                        : new ObjectMapper().readTree(file.toFile()).get("decoder_start_token_id");
                if (start != null && start.isInt()) {
                    return Optional.of(start.intValue());
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new FailureException("cannot read the files of the checkpoint: " + IoProblem.of(e), e);
        }
    }

    /** {@code generation_config.json} says which tokens end an answer; where it does not, {@code config.json} does. */
    private static List<Integer> ends(Map<String, Path> files) throws IOException {
        for (String name : List.of("generation_config.json", "config.json")) {
            Path file = files.get(name);
            JsonNode ends = file == null
                    ? null
                    : new ObjectMapper().readTree(file.toFile()).get(ENDS);
            List<Integer> ids = new ArrayList<>();
            if (ends != null && ends.isInt()) {
                ids.add(ends.intValue());
            } else if (ends != null) {
                ends.forEach(id -> ids.add(id.intValue()));
            }
            if (!ids.isEmpty()) {
                return ids;
            }
        }
        return List.of();
    }
}
