package dev.jumbo.text.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.error.InputException;
import dev.jumbo.text.corpus.CorpusRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A conversation.
 *
 * @param messages each with {@code role} and {@code content}, and what else a template knows, such as {@code tool_calls}
 * @param more what else the template is given, such as {@code tools}
 */
public record Chat(List<Map<String, Object>> messages, Map<String, Object> more) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Who speaks, in ShareGPT's words. */
    private static final Map<String, String> ROLES = Map.ofEntries(
            Map.entry("human", "user"),
            Map.entry("user", "user"),
            Map.entry("gpt", "assistant"),
            Map.entry("chatgpt", "assistant"),
            Map.entry("bing", "assistant"),
            Map.entry("bard", "assistant"),
            Map.entry("model", "assistant"),
            Map.entry("assistant", "assistant"),
            Map.entry("system", "system"),
            Map.entry("tool", "tool"),
            Map.entry("function", "tool"),
            Map.entry("observation", "tool"));

    public Chat {
        messages = List.copyOf(messages);
        more = new LinkedHashMap<>(more);
    }

    /** Of messages alone. */
    public static Chat of(List<Map<String, Object>> messages) {
        return new Chat(messages, Map.of());
    }

    /** A message. */
    public static Map<String, Object> message(String role, String content) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("role", role);
        message.put("content", content);
        return message;
    }

    /**
     * Of a record with {@code messages} (role, content), with ShareGPT's {@code conversations} (from, value) and perhaps {@code system}, with
     * trl's {@code prompt} and {@code completion} (messages), or with Alpaca's {@code instruction}, {@code input} and {@code output} ({@link
     * Instruction}); {@code tools} and {@code documents} go to the template. Each may be a text of JSON.
     *
     * @throws InputException if it has none, or a message is none, with the place
     */
    public static Chat of(CorpusRecord record) {
        JsonNode list = record.get("messages");
        boolean shareGpt = list == null;
        list = parsed(shareGpt ? record.get("conversations") : list);
        if (list == null) {
            Chat prompt = promptOf(record);
            if (prompt != null) {
                List<Map<String, Object>> all = new ArrayList<>(prompt.messages());
                all.addAll(messages(record.require("completion"), record, "completion"));
                return prompt.with(all);
            }
            if (Instruction.isOne(record)) {
                return new Chat(Instruction.messages(record), more(record));
            }
            throw record.wrong(
                    "a chat as \"messages\" (role, content) or \"conversations\" (from, value), as \"prompt\" and \"completion\""
                            + " (messages), or as \"instruction\", \"input\" and \"output\" (texts)",
                    "the keys " + record.keys());
        }
        List<Map<String, Object>> messages = messages(list, record, shareGpt ? "conversations" : "messages");
        JsonNode system = shareGpt ? record.get("system") : null;
        if (system != null && system.isTextual() && !system.textValue().isEmpty()) {
            messages.add(0, message("system", system.textValue()));
        }
        return new Chat(messages, more(record));
    }

    /** Columns of Parquet have what is nested as texts. @return what a text holds; the text itself where it is no JSON; null for none */
    private static @Nullable JsonNode parsed(@Nullable JsonNode value) {
        if (value == null || !value.isTextual()) {
            return value;
        }
        try {
            JsonNode parsed = JSON.readTree(value.textValue());
            return parsed.isNull() ? null : parsed.isMissingNode() ? value : parsed;
        } catch (JsonProcessingException e) {
            return value;
        }
    }

    /** The messages of trl's {@code prompt}, behind which {@code completion} is learned alone; null of a record of another form. */
    public static @Nullable Chat promptOf(CorpusRecord record) {
        JsonNode prompt = record.get("prompt");
        boolean other = record.get("messages") != null || record.get("conversations") != null;
        return other || prompt == null || record.get("completion") == null
                ? null
                : new Chat(messages(prompt, record, "prompt"), more(record));
    }

    /** What else a record gives to the template. @throws InputException if it is no list, with the place */
    public static Map<String, Object> more(CorpusRecord record) {
        Map<String, Object> more = new LinkedHashMap<>();
        for (String key : List.of("tools", "documents")) {
            JsonNode value = parsed(record.get(key));
            if (value != null && !value.isArray()) {
                throw record.wrong("a list, or the JSON of one, in \"" + key + "\"", CorpusRecord.shown(value));
            }
            if (value != null) {
                more.put(key, JSON.convertValue(value, Object.class));
            }
        }
        return more;
    }

    /**
     * Messages of a list.
     *
     * @param key under which the list stands, for errors
     * @throws InputException if it is none, with the place
     */
    public static List<Map<String, Object>> messages(JsonNode list, CorpusRecord record, String key) {
        if (!list.isArray() || list.isEmpty()) {
            throw record.wrong("a list of one message or more in \"" + key + "\"", CorpusRecord.shown(list));
        }
        List<Map<String, Object>> messages = new ArrayList<>();
        for (JsonNode each : list) {
            messages.add(message(each, record, messages.size()));
        }
        return messages;
    }

    private static Map<String, Object> message(JsonNode node, CorpusRecord record, int number) {
        if (!node.isObject()) {
            throw record.wrong("an object as message " + number, CorpusRecord.shown(node));
        }
        Map<String, Object> message = new LinkedHashMap<>();
        boolean shareGpt = !node.has("role") && node.has("from");
        String role = text(node, shareGpt ? "from" : "role", record, number);
        if (shareGpt) {
            if (FunctionCall.ROLE.equals(role)) {
                return FunctionCall.message(text(node, "value", record, number), record, number);
            }
            @Nullable String known = ROLES.get(role.toLowerCase(Locale.ROOT));
            if (known == null) {
                throw record.wrong(
                        "one of " + ROLES.keySet().stream().sorted().toList() + " as \"from\" of message " + number,
                        "\"" + role + "\"");
            }
            return message(known, text(node, "value", record, number));
        }
        node.fields().forEachRemaining(field -> {
            if (!field.getValue().isNull() || field.getKey().equals("content")) {
                message.put(field.getKey(), JSON.convertValue(field.getValue(), Object.class));
            }
        });
        JsonNode content = node.get("content");
        boolean fits = content != null && (content.isTextual() || content.isArray())
                || node.hasNonNull("tool_calls") && (content == null || content.isNull());
        if (!fits) {
            throw record.wrong(
                    "a text, or a list of parts, as \"content\" of message " + number,
                    content == null ? "none" : CorpusRecord.shown(content));
        }
        return message;
    }

    private static String text(JsonNode node, String key, CorpusRecord record, int number) {
        JsonNode value = node.get(key);
        if (value == null || !value.isTextual()) {
            throw record.wrong(
                    "a text as \"" + key + "\" of message " + number,
                    value == null ? "none" : CorpusRecord.shown(value));
        }
        return value.textValue();
    }

    /** Whether the assistant says something. */
    public boolean hasAnswer() {
        return messages.stream().anyMatch(message -> "assistant".equals(message.get("role")));
    }

    /** This with other messages. */
    public Chat with(List<Map<String, Object>> others) {
        return new Chat(others, more);
    }
}
