package dev.jumbo.text.dataset;

import dev.jumbo.error.InputException;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.fuzz.Untrusted;
import dev.jumbo.text.ByteTokens;
import dev.jumbo.text.chat.ChatTemplates;
import java.util.List;
import java.util.Objects;

/** Examples of a stranger: pairs of answers of which one is preferred, and words with labels. */
class LanguageDataFuzzTest {
    private static final Untrusted UNTRUSTED =
            Untrusted.refusedBy(InputException.class).allocating(64 << 20, 16 << 10);

    @Fuzzed
    void preferences(byte[] bytes) {
        UNTRUSTED.parseFile(
                bytes,
                "pairs.jsonl",
                file -> PreferenceSource.of(List.of(file.toString()), new ByteTokens(), 512, ChatTemplates.CHATML)
                        .load(null, Objects.requireNonNull(file.getParent())));
    }

    @Fuzzed
    void taggedWords(byte[] bytes) {
        UNTRUSTED.parseFile(
                bytes,
                "words.jsonl",
                file -> new TaggedWordsSource(
                                List.of(file.toString()),
                                new ByteTokens(),
                                512,
                                List.of(),
                                List.of(),
                                "tokens",
                                "labels",
                                List.of(),
                                false,
                                false)
                        .load(null, Objects.requireNonNull(file.getParent())));
    }
}
