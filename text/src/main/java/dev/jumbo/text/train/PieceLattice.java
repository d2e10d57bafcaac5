package dev.jumbo.text.train;

import java.util.Arrays;

/** All ways to divide a word into pieces, with probabilities. For one thread. */
final class PieceLattice {
    /** How much less likely than the least likely piece a character without one is, as SentencePiece has it. */
    private static final double UNKNOWN = 10;

    private final PieceTrie trie;
    private final double[] scores;
    private final double unknown;
    private double[] forward = new double[32];
    private double[] backward = new double[32];
    private int[] from = new int[32];
    private int[] piece = new int[32];

    /** @param scores natural logarithms of the pieces' probabilities */
    PieceLattice(int[][] pieces, double[] scores) {
        trie = new PieceTrie(pieces);
        this.scores = scores;
        unknown = Arrays.stream(scores).min().orElse(0) - UNKNOWN;
    }

    /** What an edge of the lattice is told to. */
    private interface Edge {
        void of(int from, int to, int piece, double score);
    }

    private void edges(int[] word, int start, Edge edge) {
        int node = 0;
        boolean single = false;
        for (int end = start; end < word.length; end++) {
            node = trie.next(node, word[end]);
            if (node < 0) {
                break;
            }
            int found = trie.piece(node);
            if (found >= 0) {
                edge.of(start, end + 1, found, scores[found]);
                single |= end == start;
            }
        }
        if (!single) {
            edge.of(start, start + 1, -1, unknown);
        }
    }

    private void room(int length) {
        if (forward.length <= length) {
            int more = Math.max(2 * forward.length, length + 1);
            forward = new double[more];
            backward = new double[more];
            from = new int[more];
            piece = new int[more];
        }
    }

    /**
     * Adds to {@code expected} how often each piece is expected in a word that occurs {@code times} times.
     *
     * @return logarithm of the word's probability: the sum over all ways to divide it
     */
    double expect(int[] word, double times, double[] expected) {
        int n = word.length;
        room(n);
        Arrays.fill(forward, 0, n + 1, Double.NEGATIVE_INFINITY);
        Arrays.fill(backward, 0, n + 1, Double.NEGATIVE_INFINITY);
        forward[0] = 0;
        for (int i = 0; i < n; i++) {
            edges(word, i, (a, b, p, score) -> forward[b] = sum(forward[b], forward[a] + score));
        }
        backward[n] = 0;
        for (int i = n - 1; i >= 0; i--) {
            edges(word, i, (a, b, p, score) -> backward[a] = sum(backward[a], backward[b] + score));
        }
        double total = forward[n];
        for (int i = 0; i < n; i++) {
            edges(word, i, (a, b, p, score) -> {
                if (p >= 0) {
                    expected[p] += times * Math.exp(forward[a] + score + backward[b] - total);
                }
            });
        }
        return total;
    }

    /** The logarithm of a sum of what two logarithms are of. */
    private static double sum(double a, double b) {
        double more = Math.max(a, b);
        double less = Math.min(a, b);
        return less == Double.NEGATIVE_INFINITY ? more : more + Math.log1p(Math.exp(less - more));
    }

    /**
     * The pieces of the likeliest division; -1 for a character without one.
     *
     * @param without a piece that is not to be used, or -1
     */
    int[] best(int[] word, int without) {
        int n = word.length;
        room(n);
        Arrays.fill(forward, 0, n + 1, Double.NEGATIVE_INFINITY);
        forward[0] = 0;
        for (int i = 0; i < n; i++) {
            edges(word, i, (a, b, p, score) -> {
                if ((p < 0 || p != without) && forward[a] + score > forward[b]) {
                    forward[b] = forward[a] + score;
                    from[b] = a;
                    piece[b] = p;
                }
            });
        }
        if (forward[n] == Double.NEGATIVE_INFINITY) {
            return new int[0];
        }
        int count = 0;
        for (int at = n; at > 0; at = from[at]) {
            count++;
        }
        int[] found = new int[count];
        for (int at = n; at > 0; at = from[at]) {
            found[--count] = piece[at];
        }
        return found;
    }

    /** The logarithm of the probability of what {@link #best} gave last. */
    double bestScore(int length) {
        return forward[length];
    }
}
