package dev.jumbo.text.train;

import dev.jumbo.text.split.ByteLetters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Vocabularies of merged pairs: special tokens, single letters in the order of their numbers, what merging gives in its order. */
final class PairVocabulary {
    private static final String WITHIN = "##";

    private PairVocabulary() {}

    /** Of bytes, all 256 of them. */
    static Vocabulary ofBytes(TokenizerTrainer trainer, WordCounts counts) {
        Set<String> symbols = new LinkedHashSet<>(trainer.specialTokens());
        TreeSet<Integer> letters = new TreeSet<>();
        for (int b = 0; b < 256; b++) {
            letters.add((int) ByteLetters.of(b));
        }
        letters.forEach(letter -> symbols.add(Character.toString(letter)));
        Words words = new Words(counts, List.copyOf(symbols), "");
        counts.forEach((word, times) -> words.add(ByteLetters.of(word), times));
        return words.learn(trainer);
    }

    /** Of characters; those within a word are other ones than those at its beginning. */
    static Vocabulary ofLetters(TokenizerTrainer trainer, WordCounts counts) {
        Map<Integer, Long> letters = new TreeMap<>();
        Set<Integer> within = new TreeSet<>();
        counts.forEach((word, times) -> word.codePoints().forEach(c -> letters.merge(c, times, Long::sum)));
        List<Integer> kept = new ArrayList<>(letters.keySet());
        if (trainer.limitAlphabet() > 0 && kept.size() > trainer.limitAlphabet()) {
            kept.sort(Comparator.comparing((Integer c) -> -letters.getOrDefault(c, 0L)));
            kept = new ArrayList<>(kept.subList(0, trainer.limitAlphabet()));
            kept.sort(Comparator.naturalOrder());
        }
        Set<Integer> alphabet = Set.copyOf(kept);
        counts.forEach((word, times) ->
                word.codePoints().skip(1).filter(alphabet::contains).forEach(within::add));
        Set<String> symbols = new LinkedHashSet<>(trainer.specialTokens());
        kept.forEach(c -> symbols.add(Character.toString(c)));
        within.forEach(c -> symbols.add(WITHIN + Character.toString(c)));
        Words words = new Words(counts, List.copyOf(symbols), WITHIN);
        counts.forEach(words::add);
        return words.learn(trainer);
    }

    /** Words as ids of their letters; letters that have none are left out. */
    private static final class Words {
        private final List<String> symbols;
        private final Map<String, Integer> ids = new HashMap<>();
        private final String prefix;
        private final int[][] words;
        private final long[] counts;
        private int size;

        Words(WordCounts all, List<String> symbols, String prefix) {
            this.symbols = symbols;
            this.prefix = prefix;
            words = new int[all.size()][];
            counts = new long[all.size()];
            for (int id = 0; id < symbols.size(); id++) {
                ids.put(symbols.get(id), id);
            }
        }

        void add(String word, long times) {
            int[] letters = word.codePoints().toArray();
            int[] found = new int[letters.length];
            int length = 0;
            for (int i = 0; i < letters.length; i++) {
                String letter = Character.toString(letters[i]);
                Integer id = ids.get(i == 0 ? letter : prefix + letter);
                if (id != null) {
                    found[length++] = id;
                }
            }
            words[size] = Arrays.copyOf(found, length);
            counts[size++] = times;
        }

        Vocabulary learn(TokenizerTrainer trainer) {
            Vocabulary.requireRoom(trainer, symbols.size());
            int longest = trainer.maxTokenLength() == 0 ? Integer.MAX_VALUE : trainer.maxTokenLength();
            PairLearner.Learned learned = new PairLearner(
                            new PairLearner.Settings(trainer.vocabularySize(), trainer.minFrequency(), prefix, longest),
                            symbols,
                            words,
                            counts)
                    .learn();
            return new Vocabulary(learned.symbols(), learned.merges(), List.of());
        }
    }
}
