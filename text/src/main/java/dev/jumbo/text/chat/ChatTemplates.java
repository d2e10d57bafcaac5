package dev.jumbo.text.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.error.InputException;
import dev.jumbo.error.IoProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where templates come from: a name, a file, or their text. */
public final class ChatTemplates {
    /** OpenAI's ChatML: {@code <|im_start|>role}, a line end, the content, {@code <|im_end|>}. */
    public static final String CHATML = "{%- for message in messages %}\n"
            + "    {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}\n"
            + "{%- endfor %}\n"
            + "{%- if add_generation_prompt %}\n"
            + "    {{- '<|im_start|>assistant\\n' }}\n"
            + "{%- endif %}\n";

    /** A line for each message, {@code User: ...}, and a line end behind each answer: for tokenizers without marks of chats. */
    public static final String PLAIN = "{%- for message in messages %}\n"
            + "    {{- message.role | capitalize + ': ' + message.content + '\\n' }}\n"
            + "{%- endfor %}\n"
            + "{%- if add_generation_prompt %}\n"
            + "    {{- 'Assistant:' }}\n"
            + "{%- endif %}\n";

    private static final Map<String, String> KNOWN = Map.of("chatml", CHATML, "plain", PLAIN);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONFIG = "tokenizer_config.json";

    /** Names of files that may have a template, beside those of a tokenizer, in the order in which they are looked for. */
    public static final List<String> FILES = List.of("chat_template.jinja", "chat_template.json", CONFIG);

    private ChatTemplates() {}

    /**
     * The text of a template.
     *
     * @param given {@code chatml} or {@code plain}; a text with {@code {%} or {@code {{}; or a file: a template, or JSON with {@code
     *     chat_template}. Null: what stands beside the tokenizer's files
     * @param tokenizerFiles of the tokenizer
     * @throws InputException if there is none
     */
    public static String text(@Nullable String given, List<Path> tokenizerFiles) {
        if (given == null) {
            String beside = beside(tokenizerFiles);
            if (beside == null) {
                throw new InputException("template: expected a chat template, and found none beside the tokenizer ("
                        + FILES + "); write template: chatml, a file, or the text of one, as the model was or is to be"
                        + " trained");
            }
            return beside;
        }
        String known = KNOWN.get(given);
        if (known != null) {
            return known;
        }
        if (given.contains("{%") || given.contains("{{")) {
            return given;
        }
        Path file = Path.of(given);
        if (!Files.isRegularFile(file)) {
            throw new InputException(
                    "template: expected " + KNOWN.keySet().stream().sorted().toList()
                            + ", a text in Jinja or a file, found no file at " + file);
        }
        String text = of(file);
        if (text == null) {
            throw new InputException("template: expected the key chat_template in " + file + ", found none");
        }
        return text;
    }

    /** The template that stands beside a tokenizer's files, or null. */
    public static @Nullable String beside(List<Path> tokenizerFiles) {
        for (Path file : tokenizerFiles) {
            for (String name : FILES) {
                Path other = file.resolveSibling(name);
                String text = Files.isRegularFile(other) ? of(other) : null;
                if (text != null) {
                    return text;
                }
            }
        }
        return null;
    }

    /** Null if a JSON file has none. */
    private static @Nullable String of(Path file) {
        String content;
        try {
            content = Files.readString(file);
        } catch (IOException e) {
            throw new InputException("cannot read the template " + file + ": " + IoProblem.of(e), e);
        }
        if (!file.getFileName().toString().endsWith(".json")) {
            return content;
        }
        JsonNode template = json(content, file).path("chat_template");
        if (template.isArray()) {
            // Several with names, of which one is the usual one.
            for (JsonNode each : template) {
                if (each.path("name").asText().equals("default")) {
                    return each.path("template").asText();
                }
            }
        }
        return template.isTextual() ? template.textValue() : null;
    }

    private static JsonNode json(String content, Path file) {
        try {
            return JSON.readTree(content);
        } catch (JsonProcessingException e) {
            throw new InputException("expected JSON in " + file + ", received what is none", e);
        }
    }

    /** A token that {@value #CONFIG} beside the tokenizer's files names, such as {@code bos_token}; empty if it does not. */
    public static String token(String key, List<Path> tokenizerFiles) {
        for (Path file : tokenizerFiles) {
            Path config = file.resolveSibling(CONFIG);
            if (Files.isRegularFile(config)) {
                try {
                    JsonNode token = json(Files.readString(config), config).path(key);
                    return token.isObject() ? token.path("content").asText() : token.asText("");
                } catch (IOException e) {
                    throw new InputException("cannot read " + config + ": " + IoProblem.of(e), e);
                }
            }
        }
        return "";
    }
}
