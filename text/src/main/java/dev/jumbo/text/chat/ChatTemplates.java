package dev.jumbo.text.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.jumbo.error.InputException;
import dev.jumbo.error.IoProblem;
import dev.jumbo.text.TokenizerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** Of data that needs none: refuses each conversation. */
    public static final String NONE =
            "{{ raise_exception('there is no chat template: write template: chatml, a file, or the text of one') }}";

    private static final Map<String, String> KNOWN = Map.of("chatml", CHATML, "plain", PLAIN);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONFIG = "tokenizer_config.json";

    /** Files that may have one, in the order in which they are looked for. */
    private static final List<String> FILES = List.of("chat_template.jinja", "chat_template.json", CONFIG);

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

    /** The template among files of a Hugging Face directory. @param files by the names that they have there */
    public static Optional<ChatTemplate> of(Map<String, Path> files) {
        Path config = files.get(CONFIG);
        JsonNode tokens = config == null ? MissingNode.getInstance() : json(content(config), config);
        for (String name : FILES) {
            Path file = files.get(name);
            String text = file == null ? null : of(file);
            if (text != null) {
                return Optional.of(ChatTemplate.of(text, token("bos_token", tokens), token("eos_token", tokens)));
            }
        }
        return Optional.empty();
    }

    /** The template that stands beside a tokenizer's files, with the tokens that it is given. */
    public static Optional<ChatTemplate> of(TokenizerConfig tokenizer) {
        List<Path> files = tokenizer.files();
        return Optional.ofNullable(beside(files))
                .map(text -> ChatTemplate.of(text, token("bos_token", files), token("eos_token", files)));
    }

    /** Null if a JSON file has none. */
    private static @Nullable String of(Path file) {
        String content = content(file);
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

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new InputException("cannot read " + file + ": " + IoProblem.of(e), e);
        }
    }

    /** A token that {@value #CONFIG} beside the tokenizer's files names, such as {@code bos_token}; empty if it does not. */
    public static String token(String key, List<Path> tokenizerFiles) {
        for (Path file : tokenizerFiles) {
            Path config = file.resolveSibling(CONFIG);
            if (Files.isRegularFile(config)) {
                return token(key, json(content(config), config));
            }
        }
        return "";
    }

    private static String token(String key, JsonNode config) {
        JsonNode token = config.path(key);
        return token.isObject() ? token.path("content").asText() : token.asText("");
    }
}
