package dev.jumbo.text.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.text.corpus.CorpusRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Alpaca's records as LLaMA-Factory reads them: {@code instruction} and, in a new line, {@code input} are the question, {@code output} is the answer;
 * perhaps a {@code system}, and a {@code history} of pairs before.
 */
final class Instruction {
    private Instruction() {}

    static boolean isOne(CorpusRecord record) {
        return record.get("instruction") != null && record.get("output") != null;
    }

    /** @throws dev.jumbo.error.InputException if a value is no text */
    static List<Map<String, Object>> messages(CorpusRecord record) {
        List<Map<String, Object>> messages = new ArrayList<>();
        String system = text(record, "system");
        if (!system.isEmpty()) {
            messages.add(Chat.message("system", system));
        }
        JsonNode history = record.get("history");
        if (history != null) {
            for (JsonNode turn : history) {
                if (turn.size() != 2
                        || !turn.path(0).isTextual()
                        || !turn.path(1).isTextual()) {
                    throw record.wrong("pairs of a question and an answer in \"history\"", CorpusRecord.shown(turn));
                }
                messages.add(Chat.message("user", turn.path(0).textValue()));
                messages.add(Chat.message("assistant", turn.path(1).textValue()));
            }
        }
        String instruction = text(record, "instruction");
        String input = text(record, "input");
        boolean both = !instruction.isEmpty() && !input.isEmpty();
        messages.add(Chat.message("user", both ? instruction + "\n" + input : instruction + input));
        messages.add(Chat.message("assistant", text(record, "output")));
        return messages;
    }

    private static String text(CorpusRecord record, String key) {
        JsonNode value = record.get(key);
        return value == null ? "" : record.text(key);
    }
}
