package dev.jumbo.serve.access;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a token is good for. */
public enum TokenScope {
    /** To ask models, and what they are. */
    INFER,
    /** To load, unload and switch models. */
    ADMIN,
    /** To read figures of the server. */
    METRICS;

    /** The word for it in a file of tokens. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<TokenScope> of(String word) {
        return Arrays.stream(values())
                .filter(scope -> scope.word().equals(word))
                .findFirst();
    }

    static List<String> words() {
        return Arrays.stream(values()).map(TokenScope::word).toList();
    }
}
