package dev.jumbo.text.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Learns a language model of pieces (Kudo 2018, section 3.2): from far too many pieces, probabilities by expectation maximisation over all ways to divide the
 * words (with the sparse prior of Liang and Klein 2007: the digamma function in the place of the logarithm), then the pieces go whose loss costs least, a quarter
 * of them at a time. Characters stay.
 */
final class UnigramLearner {
    private static final int ROUNDS = 2;
    private static final double KEPT = 0.75;
    /** Pieces are pruned to so much more than asked for; the likeliest of these are taken. */
    private static final double SLACK = 1.1;

    private static final double LEAST_EXPECTED = 0.5;

    private final List<int[]> words = new ArrayList<>();
    private final List<Long> counts = new ArrayList<>();
    private int[][] pieces;
    private double[] scores;

    private UnigramLearner(TokenizerTrainer trainer, WordCounts all) {
        Map<Integer, Long> letters = letters(trainer, all);
        Vocabulary.requireRoom(trainer, letters.size() + trainer.specialTokens().size());
        all.forEach((word, times) -> {
            words.add(word.codePoints().toArray());
            counts.add(times);
        });
        Map<String, Double> seeds = SeedPieces.of(words, counts, letters);
        pieces = new int[seeds.size()][];
        scores = new double[seeds.size()];
        double sum = seeds.values().stream().mapToDouble(Double::doubleValue).sum();
        int id = 0;
        for (Map.Entry<String, Double> seed : seeds.entrySet()) {
            pieces[id] = seed.getKey().codePoints().toArray();
            scores[id++] = Math.log(seed.getValue()) - Math.log(sum);
        }
    }

    private static Map<Integer, Long> letters(TokenizerTrainer trainer, WordCounts all) {
        Map<Integer, Long> letters = new TreeMap<>();
        all.forEach((word, times) -> word.codePoints().forEach(c -> letters.merge(c, times, Long::sum)));
        if (trainer.limitAlphabet() > 0 && letters.size() > trainer.limitAlphabet()) {
            List<Integer> common = new ArrayList<>(letters.keySet());
            common.sort(Comparator.comparing((Integer c) -> -letters.getOrDefault(c, 0L)));
            letters.keySet().removeAll(common.subList(trainer.limitAlphabet(), common.size()));
        }
        return letters;
    }

    static Vocabulary learn(TokenizerTrainer trainer, WordCounts all) {
        UnigramLearner learner = new UnigramLearner(trainer, all);
        int own = trainer.vocabularySize() - trainer.specialTokens().size();
        int wanted = (int) (own * SLACK);
        while (true) {
            for (int round = 0; round < ROUNDS; round++) {
                learner.maximise(learner.expected());
            }
            if (learner.pieces.length <= wanted) {
                break;
            }
            learner.prune(Math.max(wanted, (int) (learner.pieces.length * KEPT)));
        }
        return learner.vocabulary(trainer.specialTokens(), own);
    }

    private double[] expected() {
        double[] expected = new double[pieces.length];
        PieceLattice lattice = new PieceLattice(pieces, scores);
        for (int w = 0; w < words.size(); w++) {
            lattice.expect(words.get(w), counts.get(w), expected);
        }
        return expected;
    }

    private void maximise(double[] expected) {
        int to = 0;
        double sum = 0;
        for (int id = 0; id < pieces.length; id++) {
            boolean letter = pieces[id].length == 1;
            if (letter || expected[id] >= LEAST_EXPECTED) {
                pieces[to] = pieces[id];
                scores[to] = Math.max(expected[id], LEAST_EXPECTED);
                sum += scores[to++];
            }
        }
        pieces = Arrays.copyOf(pieces, to);
        scores = Arrays.copyOf(scores, to);
        double all = digamma(sum);
        for (int id = 0; id < to; id++) {
            scores[id] = digamma(scores[id]) - all;
        }
    }

    /** A piece that may go, with what the likelihood of the words loses by it. */
    private record Candidate(int id, double loss) {}

    private void prune(int size) {
        PieceLattice lattice = new PieceLattice(pieces, scores);
        double[] used = new double[pieces.length];
        double sum = 0;
        double texts = 0;
        for (int w = 0; w < words.size(); w++) {
            texts += counts.get(w);
            for (int id : lattice.best(words.get(w), -1)) {
                if (id >= 0) {
                    used[id] += counts.get(w);
                    sum += counts.get(w);
                }
            }
        }
        boolean[] kept = new boolean[pieces.length];
        int room = size;
        List<Candidate> candidates = new ArrayList<>();
        for (int id = 0; id < pieces.length; id++) {
            if (pieces[id].length == 1) {
                kept[id] = true;
                room--;
                continue;
            }
            int[] instead = lattice.best(pieces[id], id);
            if (used[id] == 0) {
                continue;
            }
            // Its frequency goes to what it would be divided into.
            double without = Math.log(sum + used[id] * (instead.length - 1));
            double divided = 0;
            for (int part : instead) {
                divided += Math.log((part < 0 ? 0 : used[part]) + used[id]) - without;
            }
            candidates.add(new Candidate(id, used[id] / texts * (Math.log(used[id]) - Math.log(sum) - divided)));
        }
        candidates.sort(Comparator.comparingDouble(Candidate::loss).reversed().thenComparing(Candidate::id));
        for (int i = 0; i < Math.min(room, candidates.size()); i++) {
            kept[candidates.get(i).id()] = true;
        }
        int to = 0;
        for (int id = 0; id < kept.length; id++) {
            if (kept[id]) {
                pieces[to] = pieces[id];
                scores[to++] = scores[id];
            }
        }
        pieces = Arrays.copyOf(pieces, to);
        scores = Arrays.copyOf(scores, to);
    }

    /** Special tokens, then the characters and the likeliest other pieces, the likeliest first. */
    private Vocabulary vocabulary(List<String> special, int own) {
        List<Integer> order = new ArrayList<>();
        for (int id = 0; id < pieces.length; id++) {
            order.add(id);
        }
        Comparator<Integer> likeliest = Comparator.comparing((Integer id) -> -scores[id])
                .thenComparing(id -> new String(pieces[id], 0, pieces[id].length));
        order.sort(Comparator.comparing((Integer id) -> pieces[id].length > 1).thenComparing(likeliest));
        List<Integer> taken = new ArrayList<>(order.subList(0, Math.min(own, order.size())));
        taken.sort(likeliest);
        List<String> tokens = new ArrayList<>();
        List<Double> logs = new ArrayList<>();
        for (String token : special) {
            tokens.add(token);
            logs.add(0.0);
        }
        for (int id : taken) {
            String text = new String(pieces[id], 0, pieces[id].length);
            if (!special.contains(text)) {
                tokens.add(text);
                logs.add(scores[id]);
            }
        }
        return new Vocabulary(tokens, List.of(), logs);
    }

    /** The derivative of the logarithm of the gamma function, by recurrence and its asymptotic series about x - 1/2. */
    static double digamma(double argument) {
        double x = argument;
        double result = 0;
        while (x < 7) {
            result -= 1 / x;
            x++;
        }
        double y = 1 / ((x - 0.5) * (x - 0.5));
        return result + Math.log(x - 0.5) + y * (1.0 / 24 - y * (7.0 / 960 - y * (31.0 / 8064 - y * 127.0 / 30720)));
    }
}
