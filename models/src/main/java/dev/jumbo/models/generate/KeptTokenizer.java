package dev.jumbo.models.generate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.IoProblem;
import dev.jumbo.files.Durable;
import dev.jumbo.text.PretrainedTokens;
import dev.jumbo.text.chat.ChatTemplate;
import dev.jumbo.text.chat.ChatTemplates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The tokenizer and the chat template of a Hugging Face directory, whose files a checkpoint keeps under other names. */
final class KeptTokenizer {
    private static final String ENDS = "eos_token_id";

    private KeptTokenizer() {}

    /** Whether a checkpoint keeps one. @param files by the names that they had */
    static boolean isIn(Map<String, Path> files) {
        return PretrainedTokens.FILES.stream().anyMatch(files::containsKey);
    }

    static TextCodec open(Map<String, Path> files) {
        return named(files, folder -> {
            try {
                return TextCodec.of(PretrainedTokens.of(folder).resolved(), ends(files));
            } catch (IOException e) {
                throw unreadable(e);
            }
        });
    }

    /** The chat template among the files; null where there is none. */
    static @Nullable ChatTemplate template(Map<String, Path> files) {
        Map<String, Path> few = new LinkedHashMap<>(files);
        few.keySet().retainAll(ChatTemplates.FILES);
        return few.isEmpty() ? null : named(few, folder -> beside(List.of(folder.resolve("tokenizer"))));
    }

    /** What stands beside a tokenizer's files; null where nothing does. */
    static @Nullable ChatTemplate beside(List<Path> files) {
        String text = ChatTemplates.beside(files);
        return text == null
                ? null
                : ChatTemplate.of(
                        text, ChatTemplates.token("bos_token", files), ChatTemplates.token("eos_token", files));
    }

    /** Gives a folder in which the files have the names that they had. */
    private static <T extends @Nullable Object> T named(Map<String, Path> files, Function<Path, T> use) {
        Path folder = null;
        try {
            folder = Files.createTempDirectory("jumbo-tokenizer");
            for (Map.Entry<String, Path> file : files.entrySet()) {
                Files.copy(file.getValue(), folder.resolve(file.getKey()));
            }
            return use.apply(folder);
        } catch (IOException e) {
            throw unreadable(e);
        } finally {
            delete(folder);
        }
    }

    private static FailureException unreadable(IOException e) {
        return new FailureException("cannot read the tokenizer of the checkpoint: " + IoProblem.of(e), e);
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
