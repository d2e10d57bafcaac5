package dev.jumbo.cli;

import dev.jumbo.text.chat.Chat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/** A conversation, which forgets its oldest turns where they no longer fit. */
final class Conversation {
    private static final String USER = "user";

    private final List<Map<String, Object>> messages = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final int first;

    Conversation(String system) {
        if (!system.isEmpty()) {
            messages.add(Chat.message("system", system));
        }
        first = messages.size();
    }

    /** What a tool says before the user's next turn; several times: a line each. */
    void tool(String text) {
        told.add(text);
    }

    void user(String text) {
        if (!told.isEmpty()) {
            messages.add(Chat.message("tool", String.join("\n", told)));
            told.clear();
        }
        messages.add(Chat.message(USER, text));
    }

    void assistant(String text) {
        messages.add(Chat.message("assistant", text));
    }

    Chat chat() {
        return Chat.of(messages);
    }

    /**
     * Forgets the oldest turns, each up to the user's next one, until the rest fits; the last one stays.
     *
     * @return how many messages are forgotten
     */
    int fit(ToIntFunction<Chat> tokens, int most) {
        int forgotten = 0;
        while (tokens.applyAsInt(chat()) > most) {
            int next = first + 1;
            while (next < messages.size() && !isBegin(next)) {
                next++;
            }
            if (next >= messages.size()) {
                break;
            }
            forgotten += next - first;
            messages.subList(first, next).clear();
        }
        return forgotten;
    }

    /** Whether a turn begins with a message: the user's, or what a tool said before it. */
    private boolean isBegin(int message) {
        return "assistant".equals(messages.get(message - 1).get("role"));
    }
}
