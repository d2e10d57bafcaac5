package dev.jumbo.config;

import dev.jumbo.error.Nearest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where the keys of a file belong, for a key that stands in the wrong section. */
final class KnownKeys {
    /** Places that are named: a key that is everywhere says nothing. */
    private static final int NAMED = 3;

    private final @Nullable Codec root;

    /** @param root of the whole file, null where it is not known */
    KnownKeys(@Nullable Codec root) {
        this.root = root;
    }

    /**
     * The places of a key, or of one whose name is near to it, those first that share most of their path with where it stands.
     *
     * @param at the keys down to the section with the unknown key
     * @return {@code  (did you mean train.loss.cross_entropy.class_weights?)} with a leading blank; empty if it is nowhere
     */
    Optional<String> hint(String name, List<String> at) {
        Map<String, List<List<String>>> known = places();
        String meant = known.containsKey(name)
                ? name
                : Nearest.to(name, known.keySet())
                        .filter(key -> near(name, key))
                        .orElse(null);
        if (meant == null) {
            return Optional.empty();
        }
        ToIntFunction<List<String>> shared = path -> shared(path, at);
        boolean exact = meant.equals(name);
        List<List<String>> places = known.getOrDefault(meant, List.of()).stream()
                // Another word in another section is likely another thing.
                .filter(path -> exact || at.isEmpty() || shared.applyAsInt(path) > 0)
                .sorted(Comparator.comparingInt(shared).reversed().thenComparingInt(List::size))
                .toList();
        return places.isEmpty()
                ? Optional.empty()
                : Optional.of(" (did you mean "
                        + places.stream()
                                .limit(NAMED)
                                .map(path -> String.join(".", path))
                                .collect(Collectors.joining(" or "))
                        + (places.size() > NAMED ? ", or one of " + (places.size() - NAMED) + " more" : "") + "?)");
    }

    /** Among all keys of a file something is near to any short word. */
    private static boolean near(String name, String key) {
        return name.length() > 5 && Math.abs(name.length() - key.length()) <= 1;
    }

    private static int shared(List<String> path, List<String> at) {
        int shared = 0;
        while (shared < path.size() && shared < at.size() && path.get(shared).equals(at.get(shared))) {
            shared++;
        }
        return shared;
    }

    private record Found(Codec codec, List<String> path) {}

    /** Each key with its paths, shortest first. What contains itself, as layers do, is followed once. */
    private Map<String, List<List<String>>> places() {
        Map<String, List<List<String>>> places = new TreeMap<>();
        Set<Object> followed = new HashSet<>();
        Deque<Found> open = new ArrayDeque<>();
        if (root != null) {
            open.add(new Found(root, List.of()));
        }
        while (!open.isEmpty()) {
            Found found = open.remove();
            found.codec().children().forEach((key, child) -> {
                List<String> path = new ArrayList<>(found.path());
                path.add(key);
                places.computeIfAbsent(key, any -> new ArrayList<>()).add(path);
                if (followed.add(child)) {
                    open.add(new Found(child, path));
                }
            });
        }
        return places;
    }
}
