package dev.jumbo.models.generate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.error.IoProblem;
import dev.jumbo.files.Durable;
import dev.jumbo.models.language.ConfigJson;
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

    /**
     * What a decoder begins with, as {@code generation_config.json} or {@code config.json} says.
     *
     * @throws InputException for what is no token
     */
    static Optional<Integer> decoderStart(Map<String, Path> files) {
        return ids(files, "decoder_start_token_id").stream().findFirst();
    }

    /** As {@link #decoderStart}: which tokens end an answer. */
    static List<Integer> ends(Map<String, Path> files) {
        return ids(files, "eos_token_id");
    }

    /** One token or several, of the first file that says it. */
    private static List<Integer> ids(Map<String, Path> files, String key) {
        for (String name : List.of("generation_config.json", "config.json")) {
            Path file = files.get(name);
            List<Integer> ids = file == null ? List.of() : ids(ConfigJson.read(file), key);
            if (!ids.isEmpty()) {
                return ids;
            }
        }
        return List.of();
    }

    private static List<Integer> ids(ConfigJson config, String key) {
        JsonNode said = config.get(key);
        List<Integer> ids = new ArrayList<>();
        for (JsonNode id : said.isArray() ? said : List.of(said)) {
            if (id.isIntegralNumber() && id.canConvertToInt() && id.intValue() >= 0) {
                ids.add(id.intValue());
            } else if (said.isArray() || !(id.isNull() || id.isMissingNode())) {
                throw config.refused(key, "ids of tokens of 0 or more");
            }
        }
        return ids;
    }
}
