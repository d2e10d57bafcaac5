package dev.jumbo.train.objective;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Which stretches of a text are noise, as in T5's {@code random_spans_noise_mask} (Raffel et al., 2020, section 3.1.4): text and noise take
 * turns, text first, and any division of both into so many stretches is as likely.
 *
 * @param text lengths of what stays
 * @param noise lengths of what is taken out, as many
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Spans(int[] text, int[] noise) {
    /** How many tokens of a text are noise: a share, but one at least, and not all. */
    static int noiseTokens(int length, double density) {
        return Math.max(1, Math.min(length - 1, (int) Math.rint(length * density)));
    }

    /** In how many stretches. */
    static int count(int length, double density, double meanLength) {
        int noise = noiseTokens(length, density);
        int spans = Math.max(1, (int) Math.rint(noise / meanLength));
        return Math.min(spans, Math.min(noise, length - noise));
    }

    /** Of a text of 2 tokens or more. */
    static Spans draw(int length, double density, double meanLength, SplittableRandom random) {
        int noise = noiseTokens(length, density);
        int spans = count(length, density, meanLength);
        int[] taken = division(noise, spans, random);
        return new Spans(division(length - noise, spans, random), taken);
    }

    /** Parts of 1 or more. */
    private static int[] division(int items, int parts, SplittableRandom random) {
        boolean[] ends = new boolean[items - 1];
        Arrays.fill(ends, 0, parts - 1, true);
        for (int i = ends.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            boolean other = ends[i];
            ends[i] = ends[j];
            ends[j] = other;
        }
        int[] lengths = new int[parts];
        int part = 0;
        for (int i = 0; i < items; i++) {
            lengths[part]++;
            if (i < ends.length && ends[i]) {
                part++;
            }
        }
        return lengths;
    }
}
