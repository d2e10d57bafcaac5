package dev.jumbo.train.metrics.text;

import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.List;

/**
 * A stretch of positions that are one thing.
 *
 * @param type such as {@code PER}
 * @param start its first position
 * @param end behind its last one
 */
public record Entity(String type, int start, int end) {
    /**
     * The entities of one text's tags by IOB2: {@code B-X} begins one, {@code I-X} of the same type goes on with it, everything else ends it;
     * an {@code I-X} that follows nothing of its type is no entity.
     *
     * @throws InputException for a tag that begins with none of B, I and O
     */
    public static List<Entity> of(List<String> tags) {
        List<Entity> entities = new ArrayList<>();
        String type = "";
        int start = -1;
        for (int i = 0; i <= tags.size(); i++) {
            String tag = i == tags.size() ? "O" : tags.get(i);
            char prefix = tag.isEmpty() ? ' ' : tag.charAt(0);
            if (prefix != 'B' && prefix != 'I' && prefix != 'O') {
                throw new InputException("expected tags of IOB2 (O, B-TYPE, I-TYPE), received \"" + tag + "\"");
            }
            String of = type(tag);
            if (start >= 0 && !(prefix == 'I' && of.equals(type))) {
                entities.add(new Entity(type, start, i));
                start = -1;
            }
            if (prefix == 'B') {
                type = of;
                start = i;
            }
        }
        return entities;
    }

    /** What stands behind the prefix and its dashes; {@code _} where nothing does. */
    private static String type(String tag) {
        int from = 1;
        int to = tag.length();
        while (from < to && tag.charAt(from) == '-') {
            from++;
        }
        while (to > from && tag.charAt(to - 1) == '-') {
            to--;
        }
        return from == to ? "_" : tag.substring(from, to);
    }
}
