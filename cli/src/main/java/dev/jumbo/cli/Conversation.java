package dev.jumbo.cli;

import dev.jumbo.text.chat.Chat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/** A conversation, which forgets its oldest turns where they no longer fit. */
final class Conversation {
    private final List<Map<String, Object>> messages = new ArrayList<>();
    private final int first;

    Conversation(String system) {
        if (!system.isEmpty()) {
            messages.add(Chat.message("system", system));
        }
        first = messages.size();
    }

    void user(String text) {
        messages.add(Chat.message("user", text));
    }

    void assistant(String text) {
        messages.add(Chat.message("assistant", text));
    }

    Chat chat() {
        return Chat.of(messages);
    }

    /** Forgets the oldest turns, two by two, until the rest fits; the last one stays. @return how many are forgotten */
    int fit(ToIntFunction<Chat> tokens, int most) {
        int forgotten = 0;
        while (messages.size() > first + 2 && tokens.applyAsInt(chat()) > most) {
            messages.subList(first, first + 2).clear();
            forgotten += 2;
        }
        return forgotten;
    }
}
