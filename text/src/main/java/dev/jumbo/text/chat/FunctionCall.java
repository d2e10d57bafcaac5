package dev.jumbo.text.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.text.corpus.CorpusRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What ShareGPT's files as LLaMA-Factory reads them have as {@code function_call}: the JSON of a call, {@code name} and {@code arguments}, or a list of
 * calls. Templates know it as {@code tool_calls} of the assistant.
 */
final class FunctionCall {
    static final String ROLE = "function_call";

    private static final ObjectMapper JSON = new ObjectMapper();

    private FunctionCall() {}

    /** @throws dev.jumbo.error.InputException if the text is no call */
    static Map<String, Object> message(String value, CorpusRecord record, int number) {
        JsonNode parsed = parsed(value, JSON.nullNode());
        List<Object> calls = new ArrayList<>();
        for (JsonNode call : parsed.isObject() ? List.of(parsed) : parsed) {
            if (!call.path("name").isTextual() || !call.path("arguments").isObject()) {
                calls.clear();
                break;
            }
            Map<String, Object> function = new LinkedHashMap<>();
            function.put("name", call.path("name").textValue());
            function.put("arguments", JSON.convertValue(call.path("arguments"), Object.class));
            Map<String, Object> made = new LinkedHashMap<>();
            made.put("type", "function");
            made.put("function", function);
            calls.add(made);
        }
        if (calls.isEmpty()) {
            throw record.wrong(
                    "JSON of a call, {\"name\": a text, \"arguments\": an object}, or a list of such, as \"" + ROLE
                            + "\" in message " + number,
                    "\"" + value + "\"");
        }
        Map<String, Object> message = Chat.message("assistant", "");
        message.put("tool_calls", calls);
        return message;
    }

    /** A text as the JSON that it is. @param otherwise where it is none */
    static JsonNode parsed(String text, JsonNode otherwise) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return otherwise;
        }
    }
}
