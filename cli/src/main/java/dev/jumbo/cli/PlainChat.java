package dev.jumbo.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** A conversation as plain lines, for models that have no template. */
final class PlainChat {
    private static final String USER = "User:";
    private static final String ASSISTANT = "Assistant:";

    /** Where the model goes on for the user. */
    static final List<String> STOPS = List.of("\n" + USER);

    private final String system;
    private final List<String> turns = new ArrayList<>();

    PlainChat(String system) {
        this.system = system;
    }

    void user(String text) {
        turns.add(USER + " " + text);
    }

    void assistant(String text) {
        turns.add(ASSISTANT + " " + text);
    }

    /** What the model goes on from. */
    String prompt() {
        StringBuilder text = new StringBuilder(system.isEmpty() ? "" : system + "\n");
        turns.forEach(turn -> text.append(turn).append('\n'));
        return text.append(ASSISTANT).toString();
    }

    /** Forgets the oldest turns, two by two, until the rest fits; the last one stays. @return how many are forgotten */
    int fit(ToIntFunction<String> tokens, int most) {
        int forgotten = 0;
        while (turns.size() > 2 && tokens.applyAsInt(prompt()) > most) {
            turns.subList(0, 2).clear();
            forgotten += 2;
        }
        return forgotten;
    }
}
