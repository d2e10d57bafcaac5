package dev.jumbo.nn.weights;

import java.util.List;

/**
 * Which parts of a model a source need not have, as a new head: they get their first values as in a model that is not loaded.
 * There the source may also have tensors of other shapes, and further ones, which are passed over.
 *
 * @param patterns see {@link NamePattern}
 */
public record Missing(List<String> patterns) {
    private static final Missing NONE = new Missing(List.of());

    public Missing {
        patterns = List.copyOf(patterns);
        patterns.forEach(NamePattern::of);
    }

    /** Everything must be there, and nothing else. */
    public static Missing none() {
        return NONE;
    }

    public static Missing allowed(String... patterns) {
        return new Missing(List.of(patterns));
    }

    /** Whether a name is of such a part. */
    public boolean allows(String name) {
        return patterns.stream().anyMatch(p -> NamePattern.of(p).matches(name));
    }
}
