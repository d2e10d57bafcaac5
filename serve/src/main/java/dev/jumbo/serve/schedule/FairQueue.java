package dev.jumbo.serve.schedule;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What waits, by priority and caller. Of one priority the callers take turns, so that whoever asks a lot waits for itself. Higher
 * priorities go first; of a lower one that has waited for the time of ageing, for each step between, every fourth turn is. So the urgent
 * stay urgent however long the rest waits, and the rest is never forgotten. Guarded by its user's lock.
 *
 * @param <T> what waits
 */
final class FairQueue<T extends FairQueue.Waiting> {
    /** Something that waits. */
    interface Waiting {
        Terms terms();

        /** Since when, as of {@link System#nanoTime}. */
        long since();

        /** How much it is: rows, or 1. */
        int size();
    }

    /** The callers of one priority, in the order of their turns; of each what it asked first. */
    private final List<Map<String, Deque<T>>> levels = new ArrayList<>();

    private final long[] sizes = new long[Priority.values().length];
    /** Of so many turns one is for those who have waited long. */
    private static final int TURNS = 4;

    private final long ageingNanos;
    private int count;
    private int turns;

    FairQueue(long ageingNanos) {
        this.ageingNanos = ageingNanos;
        for (int i = 0; i < sizes.length; i++) {
            levels.add(new LinkedHashMap<>());
        }
    }

    boolean isEmpty() {
        return count == 0;
    }

    int count() {
        return count;
    }

    /** How much waits at a priority and at those above. */
    long sizeUpTo(Priority priority) {
        long sum = 0;
        for (int i = 0; i <= priority.ordinal(); i++) {
            sum += sizes[i];
        }
        return sum;
    }

    long size() {
        return sizeUpTo(Priority.LOW);
    }

    /** How many callers wait. */
    int callers() {
        return levels.stream().mapToInt(Map::size).sum();
    }

    /** How many of a caller's wait. */
    int countOf(String caller) {
        return levels.stream()
                .map(level -> level.get(caller))
                .mapToInt(own -> own == null ? 0 : own.size())
                .sum();
    }

    /** How much of a caller's waits. */
    long sizeOf(String caller) {
        long size = 0;
        for (Map<String, Deque<T>> level : levels) {
            Deque<T> own = level.get(caller);
            if (own != null) {
                for (T item : own) {
                    size += item.size();
                }
            }
        }
        return size;
    }

    void add(T item) {
        int level = item.terms().priority().ordinal();
        levels.get(level)
                .computeIfAbsent(item.terms().caller(), caller -> new ArrayDeque<>())
                .add(item);
        sizes[level] += item.size();
        count++;
    }

    /** What comes next, left where it is. */
    @Nullable
    T peek(long now) {
        int level = next(now);
        return level < 0 ? null : levels.get(level).values().iterator().next().peekFirst();
    }

    /** Takes what comes next; its caller has to wait for its next turn. */
    @Nullable
    T poll(long now) {
        int level = next(now);
        if (level < 0) {
            return null;
        }
        turns = level == first() ? Math.min(TURNS, turns + 1) : 0;
        Iterator<Map.Entry<String, Deque<T>>> callers =
                levels.get(level).entrySet().iterator();
        Map.Entry<String, Deque<T>> turn = callers.next();
        String caller = turn.getKey();
        Deque<T> own = turn.getValue();
        callers.remove();
        T item = own.removeFirst();
        if (!own.isEmpty()) {
            levels.get(level).put(caller, own);
        }
        sizes[level] -= item.size();
        count--;
        return item;
    }

    /** Takes out all that a rule says. */
    List<T> removeIf(Predicate<T> rule) {
        List<T> removed = new ArrayList<>();
        for (int level = 0; level < sizes.length; level++) {
            int at = level;
            levels.get(level).values().removeIf(own -> {
                own.removeIf(item -> {
                    boolean goes = rule.test(item);
                    if (goes) {
                        removed.add(item);
                        sizes[at] -= item.size();
                        count--;
                    }
                    return goes;
                });
                return own.isEmpty();
            });
        }
        return removed;
    }

    /** The youngest of whoever has most, of the lowest priority that waits, if that is not above a given one. */
    @Nullable
    T ofTheGreediest(Priority above) {
        for (int level = sizes.length - 1; level >= above.ordinal(); level--) {
            Deque<T> most = null;
            for (Deque<T> own : levels.get(level).values()) {
                most = most == null || own.size() > most.size() ? own : most;
            }
            if (most != null) {
                return most.peekLast();
            }
        }
        return null;
    }

    private int first() {
        for (int level = 0; level < sizes.length; level++) {
            if (!levels.get(level).isEmpty()) {
                return level;
            }
        }
        return -1;
    }

    private int next(long now) {
        int first = first();
        if (first < 0 || turns < TURNS - 1) {
            return first;
        }
        for (int level = sizes.length - 1; level > first; level--) {
            if (!levels.get(level).isEmpty() && waited(level, now) >= (level - first) * ageingNanos) {
                return level;
            }
        }
        return first;
    }

    /** How long the oldest of a level has waited. */
    private long waited(int level, long now) {
        long longest = 0;
        for (Deque<T> own : levels.get(level).values()) {
            longest = Math.max(longest, now - own.getFirst().since());
        }
        return longest;
    }
}
