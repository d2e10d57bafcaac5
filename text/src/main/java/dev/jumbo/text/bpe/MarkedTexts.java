package dev.jumbo.text.bpe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds tokens that stand for themselves, such as {@code <|endoftext|>}, in a text: the leftmost, of several the longest. */
public final class MarkedTexts {
    /** Takes what is between them, and them. */
    public interface Parts {
        /** Text without such tokens; not empty. */
        void text(char[] text, int from, int to);

        /** A token that stands from {@code from} to {@code to}. */
        void mark(int id, int from, int to);
    }

    /** Of each first character, the longest first. */
    private final Map<Character, List<Mark>> byFirst = new HashMap<>();

    private final boolean[] firsts = new boolean[1 << 16];

    /** A token. */
    private record Mark(String content, int id) {}

    /** Of contents with their ids; none of them empty. */
    public MarkedTexts(Map<String, Integer> contents) {
        contents.forEach((content, id) -> {
            firsts[content.charAt(0)] = true;
            byFirst.computeIfAbsent(content.charAt(0), c -> new ArrayList<>()).add(new Mark(content, id));
        });
        byFirst.values()
                .forEach(list -> list.sort((a, b) ->
                        Integer.compare(b.content().length(), a.content().length())));
    }

    /** Whether there are any. */
    public boolean isEmpty() {
        return byFirst.isEmpty();
    }

    /** Whether one is in a text. */
    public boolean occurIn(char[] text) {
        if (isEmpty()) {
            return false;
        }
        for (int at = 0; at < text.length; at++) {
            if (firsts[text[at]] && markAt(text, at, text.length) != null) {
                return true;
            }
        }
        return false;
    }

    /** Gives the parts of a text in their order. */
    public void divide(char[] text, int from, int to, Parts parts) {
        int start = from;
        int at = isEmpty() ? to : from;
        while (at < to) {
            Mark found = firsts[text[at]] ? markAt(text, at, to) : null;
            if (found == null) {
                at++;
                continue;
            }
            if (start < at) {
                parts.text(text, start, at);
            }
            int end = at + found.content().length();
            parts.mark(found.id(), at, end);
            start = end;
            at = end;
        }
        if (start < to) {
            parts.text(text, start, to);
        }
    }

    private @Nullable Mark markAt(char[] text, int at, int to) {
        for (Mark mark : byFirst.getOrDefault(text[at], List.of())) {
            String content = mark.content();
            if (content.length() <= to - at && same(content, text, at)) {
                return mark;
            }
        }
        return null;
    }

    private static boolean same(String content, char[] text, int at) {
        for (int i = 1; i < content.length(); i++) {
            if (content.charAt(i) != text[at + i]) {
                return false;
            }
        }
        return true;
    }
}
