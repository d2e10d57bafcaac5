package dev.jumbo.train.metrics.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The edits of {@link Ter}: runs of words are moved one after the other, each time the one whose move saves most, as long as a move saves more
 * than it costs; then words are inserted, deleted and substituted. The limits and the order of preference are those of {@code tercom} as
 * sacreBLEU has them.
 */
final class EditRate {
    private static final int LONGEST_MOVE = 10;
    private static final int FARTHEST_MOVE = 50;
    private static final int BEAM = 25;
    private static final int MOST_MOVES = 1000;
    private static final int FAR = Integer.MAX_VALUE / 2;

    /** The last edit on the way to a cell: both words, a word of the hypothesis that is too much, a word of the reference that lacks. */
    private enum Edit {
        SAME,
        OTHER,
        EXTRA,
        MISSING,
        NONE
    }

    private final List<String> right;
    private int tried;

    private EditRate(List<String> right) {
        this.right = right;
    }

    /** The edits between two texts. */
    static int edits(List<String> said, List<String> right) {
        if (right.isEmpty()) {
            return said.size();
        }
        EditRate rate = new EditRate(right);
        List<String> words = said;
        int moves = 0;
        while (true) {
            Move move = rate.best(words);
            if (rate.tried >= MOST_MOVES || move == null || move.saved() <= 0) {
                return moves + rate.distance(words).cost();
            }
            moves++;
            words = move.words();
        }
    }

    /** A run of words that is moved: what it saves, its length, where it was, where it is. */
    private record Move(int saved, int length, int from, int to, List<String> words) {
        /** Saves more, then is longer, then begins earlier, then goes to an earlier place, then has the later words. */
        boolean isBetterThan(Move other) {
            int[] mine = {saved, length, -from, -to};
            int[] others = {other.saved, other.length, -other.from, -other.to};
            return Arrays.compare(mine, others) > 0;
        }
    }

    private @Nullable Move best(List<String> words) {
        Distance before = distance(words);
        Move best = null;
        for (int from = 0; from < words.size(); from++) {
            for (int at = 0; at < right.size(); at++) {
                if (Math.abs(at - from) > FARTHEST_MOVE) {
                    continue;
                }
                for (int length = 1; length <= LONGEST_MOVE && isSame(words, from, at, length); length++) {
                    Move move = bestOf(words, before, from, at, length);
                    if (move != null && (best == null || move.isBetterThan(best))) {
                        best = move;
                    }
                    if (tried >= MOST_MOVES) {
                        return best;
                    }
                }
            }
        }
        return best;
    }

    /** Whether the last word of a run and of its counterpart are there and equal; those before were looked at. */
    private boolean isSame(List<String> words, int from, int at, int length) {
        int i = from + length - 1;
        int j = at + length - 1;
        return i < words.size() && j < right.size() && words.get(i).equals(right.get(j));
    }

    private @Nullable Move bestOf(List<String> words, Distance before, int from, int at, int length) {
        Integer aligned = before.aligned().get(at);
        if (!isAnyWrong(before.wrongSaid(), from, length)
                || !isAnyWrong(before.wrongRight(), at, length)
                || aligned == null
                || (aligned >= from && aligned < from + length)) {
            return null;
        }
        Move best = null;
        int last = -1;
        for (int offset = -1; offset < length; offset++) {
            Integer target =
                    at + offset == -1 ? Integer.valueOf(-1) : before.aligned().get(at + offset);
            if (target == null) {
                break;
            }
            int to = target + 1;
            if (to == last) {
                continue;
            }
            last = to;
            List<String> moved = moved(words, from, length, to);
            Move move = new Move(before.cost() - distance(moved).cost(), length, from, to, moved);
            tried++;
            if (best == null || move.isBetterThan(best)) {
                best = move;
            }
        }
        return best;
    }

    private static boolean isAnyWrong(List<Boolean> wrong, int from, int length) {
        return wrong.subList(from, Math.min(wrong.size(), from + length)).contains(true);
    }

    private static List<String> moved(List<String> words, int from, int length, int to) {
        List<String> run = words.subList(from, from + length);
        List<String> rest = new ArrayList<>(words.subList(0, from));
        rest.addAll(words.subList(from + length, words.size()));
        // A place inside the run counts from its beginning among the words that are left.
        int place = to < from ? to : to > from + length ? to - length : to;
        rest.addAll(Math.min(place, rest.size()), run);
        return rest;
    }

    /** Edits without moves, where each word of the reference stands in the hypothesis, and which words of both are wrong. */
    private record Distance(
            int cost, Map<Integer, Integer> aligned, List<Boolean> wrongRight, List<Boolean> wrongSaid) {}

    private Distance distance(List<String> words) {
        int rows = words.size();
        int columns = right.size();
        int[][] cost = new int[rows + 1][columns + 1];
        Edit[][] edit = new Edit[rows + 1][columns + 1];
        for (int i = 0; i <= rows; i++) {
            Arrays.fill(cost[i], FAR);
            Arrays.fill(edit[i], Edit.NONE);
        }
        for (int j = 0; j <= columns; j++) {
            cost[0][j] = j;
            edit[0][j] = Edit.MISSING;
        }
        double ratio = rows == 0 ? 1 : (double) columns / rows;
        int beam = BEAM < ratio / 2 ? (int) Math.ceil(ratio / 2 + BEAM) : BEAM;
        for (int i = 1; i <= rows; i++) {
            int diagonal = (int) Math.floor(i * ratio);
            int to = i == rows ? columns + 1 : Math.min(columns + 1, diagonal + beam);
            for (int j = Math.max(0, diagonal - beam); j < to; j++) {
                fill(words, cost, edit, i, j);
            }
        }
        return trace(cost[rows][columns], edit);
    }

    private void fill(List<String> words, int[][] cost, Edit[][] edit, int i, int j) {
        if (j == 0) {
            cost[i][0] = cost[i - 1][0] + 1;
            edit[i][0] = Edit.EXTRA;
            return;
        }
        boolean same = words.get(i - 1).equals(right.get(j - 1));
        // Of equal costs the first one stays.
        take(cost, edit, i, j, cost[i - 1][j - 1] + (same ? 0 : 1), same ? Edit.SAME : Edit.OTHER);
        take(cost, edit, i, j, cost[i - 1][j] + 1, Edit.EXTRA);
        take(cost, edit, i, j, cost[i][j - 1] + 1, Edit.MISSING);
    }

    private static void take(int[][] cost, Edit[][] edit, int i, int j, int offered, Edit by) {
        if (cost[i][j] > offered) {
            cost[i][j] = offered;
            edit[i][j] = by;
        }
    }

    private Distance trace(int cost, Edit[][] edit) {
        List<Edit> edits = new ArrayList<>();
        int i = edit.length - 1;
        int j = right.size();
        while (i > 0 || j > 0) {
            Edit one = edit[i][j];
            edits.add(0, one);
            i -= one == Edit.MISSING ? 0 : 1;
            j -= one == Edit.EXTRA ? 0 : 1;
        }
        Map<Integer, Integer> aligned = new HashMap<>();
        List<Boolean> wrongRight = new ArrayList<>();
        List<Boolean> wrongSaid = new ArrayList<>();
        for (Edit one : edits) {
            if (one != Edit.MISSING) {
                wrongSaid.add(one != Edit.SAME);
            }
            if (one != Edit.EXTRA) {
                wrongRight.add(one != Edit.SAME);
                aligned.put(wrongRight.size() - 1, wrongSaid.size() - 1);
            }
        }
        return new Distance(cost, aligned, wrongRight, wrongSaid);
    }
}
