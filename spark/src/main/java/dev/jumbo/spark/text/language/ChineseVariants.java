package dev.jumbo.spark.text.language;

import dev.jumbo.error.FailureException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Characters that a model of Chinese lacks that was made of texts in traditional ones. Half of each character's probability goes to its simplified
 * form, as if half of all text were written in it; the pairs are Unicode's (make_chinese_pairs.py).
 * Each character of Kana has 1/20,000: a title in Japanese does not make a text Japanese, in which Kana are half of all characters.
 */
final class ChineseVariants {
    private static final Map<Character, Character> SIMPLIFIED = read();

    private static final double KANA = 5e-5;

    private ChineseVariants() {}

    private static Map<Character, Character> read() {
        try (InputStream in = ChineseVariants.class.getResourceAsStream("/text/simplified.txt")) {
            if (in == null) {
                throw new FailureException("the list text/simplified.txt is missing from Jumbo's own classes");
            }
            String[] lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1);
            Map<Character, Character> pairs = new HashMap<>();
            for (int i = 0; i < lines[0].length(); i++) {
                pairs.put(lines[0].charAt(i), lines[1].charAt(i));
            }
            return Map.copyOf(pairs);
        } catch (IOException e) {
            throw new FailureException("cannot read text/simplified.txt: " + e.getMessage(), e);
        }
    }

    /** Probabilities of single characters with those of their simplified forms. */
    static Map<String, Double> spread(Map<String, Double> unigrams) {
        Map<String, Double> spread = new HashMap<>();
        unigrams.forEach((character, probability) -> {
            Character simple = character.length() == 1 ? SIMPLIFIED.get(character.charAt(0)) : null;
            spread.merge(character, simple == null ? probability : probability / 2, Double::sum);
            if (simple != null) {
                spread.merge(simple.toString(), probability / 2, Double::sum);
            }
        });
        for (char kana = '\u3041'; kana <= '\u30fa'; kana++) {
            spread.merge(String.valueOf(kana), KANA, Double::sum);
        }
        return spread;
    }
}
