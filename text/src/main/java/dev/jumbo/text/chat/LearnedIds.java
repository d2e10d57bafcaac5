package dev.jumbo.text.chat;

import dev.jumbo.text.Tokenizer;
import dev.jumbo.text.jinja.TextSpan;
import java.util.Arrays;
import java.util.List;

/**
 * A text as ids, and which of them are of its answers.
 *
 * @param learned for each id
 */
@SuppressWarnings("ArrayRecordComponent") // On its way to a dataset: never compared.
public record LearnedIds(int[] ids, boolean[] learned) {
    /**
     * The text is encoded as a whole, as it is when the model answers. An id is an answer's from where the ids of the text before it end, up to
     * where those of the text with it do.
     */
    public static LearnedIds of(Tokenizer tokenizer, String text, List<TextSpan> answers) {
        int[] ids = tokenizer.encode(text);
        boolean[] learned = new boolean[ids.length];
        for (TextSpan answer : answers) {
            int from = boundary(tokenizer, text, answer.from(), ids);
            int to = boundary(tokenizer, text, answer.to(), ids);
            Arrays.fill(learned, from, Math.max(from, to), true);
        }
        return new LearnedIds(ids, learned);
    }

    /** How many ids of a text are those of its first characters. */
    public static int boundary(Tokenizer tokenizer, String text, int characters, int[] ids) {
        if (characters == 0 || characters == text.length()) {
            return characters == 0 ? 0 : ids.length;
        }
        int different = Arrays.mismatch(ids, tokenizer.encode(text.substring(0, characters)));
        return different < 0 ? ids.length : Math.min(different, ids.length);
    }

    /** Whether one is learned among the first. @param steps inputs: ids that may be learned are one more */
    public boolean learns(int steps) {
        for (int i = 1; i < Math.min(ids.length, steps + 1L); i++) {
            if (learned[i]) {
                return true;
            }
        }
        return false;
    }

    /** With ids before it, which are not learned. */
    public LearnedIds begun(int[] before) {
        int[] more = Arrays.copyOf(before, before.length + ids.length);
        boolean[] all = new boolean[more.length];
        System.arraycopy(ids, 0, more, before.length, ids.length);
        System.arraycopy(learned, 0, all, before.length, ids.length);
        return new LearnedIds(more, all);
    }

    /** With an id at the end, which is learned. */
    public LearnedIds ended(int id) {
        int[] more = Arrays.copyOf(ids, ids.length + 1);
        boolean[] all = Arrays.copyOf(learned, learned.length + 1);
        more[ids.length] = id;
        all[ids.length] = true;
        return new LearnedIds(more, all);
    }
}
