package dev.jumbo.text.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.jumbo.error.InputException;
import dev.jumbo.text.corpus.CorpusRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Calls of tools in messages. OpenAI's format has the arguments of a call as a text of JSON; templates write them with {@code tojson}, which of a
 * text would be that text in quotes.
 */
final class ToolCalls {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CALLS = "tool_calls";
    private static final String FUNCTION = "function";
    private static final String ARGUMENTS = "arguments";

    private ToolCalls() {}

    /** With arguments as objects. @throws InputException if a text is no object of JSON */
    static List<Map<String, Object>> parsed(List<Map<String, Object>> messages) {
        if (messages.stream().noneMatch(message -> message.get(CALLS) instanceof List<?>)) {
            return messages;
        }
        List<Map<String, Object>> parsed = new ArrayList<>();
        for (Map<String, Object> message : messages) {
            if (message.get(CALLS) instanceof List<?> calls) {
                Map<String, Object> other = new LinkedHashMap<>(message);
                other.put(CALLS, calls.stream().map(ToolCalls::call).toList());
                parsed.add(other);
            } else {
                parsed.add(message);
            }
        }
        return parsed;
    }

    private static Object call(Object call) {
        if (!(call instanceof Map<?, ?> known)) {
            return call;
        }
        Map<Object, Object> other = new LinkedHashMap<>(known);
        if (known.get(FUNCTION) instanceof Map<?, ?> function) {
            other.put(FUNCTION, call(function));
        }
        if (known.get(ARGUMENTS) instanceof String text) {
            other.put(ARGUMENTS, JSON.convertValue(object(text), Object.class));
        }
        return other;
    }

    private static JsonNode object(String text) {
        String wrong = "expected an object, or the JSON of one, as arguments in tool_calls, received "
                + CorpusRecord.shown(TextNode.valueOf(text));
        JsonNode node;
        try {
            node = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new InputException(wrong, e);
        }
        if (!node.isObject()) {
            throw new InputException(wrong);
        }
        return node;
    }
}
