package dev.jumbo.serve.repository.load;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What loaded models may take together. A version has its share from before it is loaded until it is unloaded; one that does not fit
 * is refused, and nothing is unloaded to make room. Safe for several threads.
 */
public final class ModelMemory {
    private static final long MIB = 1 << 20;

    private final @Nullable Long most;
    private final LongSupplier left;
    private final Map<Object, Share> shares = new LinkedHashMap<>();

    /** @param loading whether its memory is not taken yet, as far as the system's figures show */
    private record Share(String name, long bytes, boolean loading) {}

    /**
     * @param most bytes of all together; null for what the machine has left
     * @param left bytes that it has left now; negative where it does not say
     */
    public ModelMemory(@Nullable Long most, LongSupplier left) {
        this.most = most;
        this.left = left;
    }

    /**
     * Takes a share.
     *
     * @param key whose it is
     * @param name for messages
     * @return empty if it has it; otherwise what is needed and what is there
     */
    public synchronized Optional<String> take(Object key, String name, long bytes) {
        long taken = shares.values().stream().mapToLong(Share::bytes).sum();
        if (most != null && bytes > most - taken) {
            return Optional.of("it needs " + mib(bytes) + " of memory; of the " + mib(most)
                    + " of serve.repository.memory_bytes " + mib(Math.max(0, most - taken)) + " are free" + holders());
        }
        long free = most == null ? left.getAsLong() : -1;
        long coming = shares.values().stream()
                .filter(Share::loading)
                .mapToLong(Share::bytes)
                .sum();
        if (free >= 0 && bytes > free - coming) {
            return Optional.of("it needs " + mib(bytes) + " of memory; this machine has "
                    + mib(Math.max(0, free - coming)) + " left" + holders());
        }
        shares.put(key, new Share(name, bytes, true));
        return Optional.empty();
    }

    /** It is loaded: the system's figures show its memory from now on. */
    public synchronized void loaded(Object key) {
        shares.computeIfPresent(key, (k, share) -> new Share(share.name(), share.bytes(), false));
    }

    /** Gives a share back. */
    public synchronized void giveBack(Object key) {
        shares.remove(key);
    }

    /** Bytes that are given out. */
    public synchronized long taken() {
        return shares.values().stream().mapToLong(Share::bytes).sum();
    }

    private String holders() {
        return shares.isEmpty()
                ? ""
                : "; loaded are "
                        + shares.values().stream()
                                .collect(Collectors.groupingBy(
                                        Share::name, LinkedHashMap::new, Collectors.summingLong(Share::bytes)))
                                .entrySet()
                                .stream()
                                .map((Entry<String, Long> e) -> e.getKey() + " (" + mib(e.getValue()) + ")")
                                .collect(Collectors.joining(", "));
    }

    private static String mib(long bytes) {
        return (bytes + MIB - 1) / MIB + " MiB";
    }
}
