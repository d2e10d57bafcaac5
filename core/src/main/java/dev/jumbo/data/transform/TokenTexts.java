package dev.jumbo.data.transform;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Transform;
import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What the ids of a dataset mean as text, there and back, for who wants to see what a model of them writes. One thread at a time. */
public interface TokenTexts extends AutoCloseable {
    /** A transform that knows it. */
    interface Source {
        /** Costly: a tokenizer is opened. */
        TokenTexts openTexts();

        /** The same without what says how long a text may be: what is left says which ids a text has. */
        Transform ofAnyLength();
    }

    /** The ids of a text. @throws InputException if it has something that no id stands for */
    int[] ids(String text);

    /** The text of ids. */
    String text(int[] ids);

    /** The ids that end a text; none where there is no such id. */
    List<Integer> ends();

    @Override
    default void close() {}

    /** That of a dataset: of a transform that makes or made its examples, or of the characters that its target's classes are named after. */
    static Optional<TokenTexts> of(Dataset data) {
        Stream<Transform> transforms =
                Stream.of(data.transforms(), data.madeBy()).flatMap(each -> each.values().stream());
        Optional<TokenTexts> made = transforms
                .filter(Source.class::isInstance)
                .findFirst()
                .map(transform -> ((Source) transform).openTexts());
        return made.isPresent() || data.targets().isEmpty()
                ? made
                : ofCharacters(data.targets().get(0).classes(), 0);
    }

    /** Of names that are one character each. @param first the id of the first one */
    static Optional<TokenTexts> ofCharacters(List<String> names, int first) {
        if (names.isEmpty() || names.stream().anyMatch(name -> name.codePointCount(0, name.length()) != 1)) {
            return Optional.empty();
        }
        Map<Integer, Integer> ids = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            ids.put(names.get(i).codePointAt(0), first + i);
        }
        return Optional.of(new TokenTexts() {
            @Override
            public int[] ids(String text) {
                List<Integer> found = new ArrayList<>();
                text.codePoints().forEach(character -> {
                    Integer id = ids.get(character);
                    if (id == null) {
                        throw new InputException("expected characters that the training text has, received \""
                                + Character.toString(character) + "\"");
                    }
                    found.add(id);
                });
                return found.stream().mapToInt(id -> id).toArray();
            }

            @Override
            public String text(int[] some) {
                StringBuilder text = new StringBuilder();
                for (int id : some) {
                    text.append(id < first || id - first >= names.size() ? "\ufffd" : names.get(id - first));
                }
                return text.toString();
            }

            @Override
            public List<Integer> ends() {
                return List.of();
            }
        });
    }
}
