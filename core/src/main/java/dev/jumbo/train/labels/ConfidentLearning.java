package dev.jumbo.train.labels;

import dev.jumbo.error.InputException;
import dev.jumbo.error.Shown;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Label errors by confident learning (C. Northcutt, L. Jiang, I. Chuang: "Confident Learning: Estimating Uncertainty in
 * Dataset Labels", JAIR 70, 2021), pruned by noise rate. An example counts as confidently of class j if its probability
 * reaches the mean probability of j among the examples labelled j. The counts of labelled i, confidently j, scaled to the
 * number of labels of each class, say how many examples labelled i are really j; as many with the greatest p_j - p_i are
 * issues, unless the label is the most probable class.
 *
 * <p>Probabilities must be of models that have not seen the example, as k-fold training gives them: a model that has
 * learned a wrong label by heart is confident of it.
 *
 * @param issues in the order of self-confidence, the likeliest error first
 * @param joint estimated number of examples by given class and true class
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record ConfidentLearning(List<LabelIssue> issues, int[][] joint) {
    /** Outputs of models are no more exact than this. */
    private static final double EQUAL = 1e-6;

    /**
     * Finds label errors.
     *
     * @param probabilities {@code [examples][classes]}, out of fold
     * @param labels the given class of each example; one below 0 does not count
     * @throws InputException if shapes do not fit, a label is not a class, or a value is no probability
     */
    public static ConfidentLearning of(double[][] probabilities, int[] labels) {
        int classes = requireShapes(probabilities, labels);
        double[] thresholds = thresholds(probabilities, labels, classes);
        int[] counts = new int[classes];
        for (int label : labels) {
            if (label >= 0) {
                counts[label]++;
            }
        }
        int[][] joint = calibrated(confident(probabilities, labels, thresholds), counts);
        BitSet marked = new BitSet();
        for (int given = 0; given < classes; given++) {
            if (counts[given] > 1) { // The last example of a class stays.
                mark(probabilities, labels, given, prunes(joint[given], given), marked);
            }
        }
        List<LabelIssue> issues = new ArrayList<>();
        marked.stream().forEach(i -> {
            double[] p = probabilities[i];
            int best = largest(p);
            if (best != labels[i] && p[best] > p[labels[i]] + EQUAL) {
                issues.add(new LabelIssue(i, labels[i], best, p[labels[i]], p[best]));
            }
        });
        issues.sort(Comparator.comparingDouble(LabelIssue::selfConfidence).thenComparingInt(LabelIssue::index));
        return new ConfidentLearning(List.copyOf(issues), joint);
    }

    private static int requireShapes(double[][] probabilities, int[] labels) {
        if (probabilities.length == 0 || probabilities.length != labels.length || probabilities[0].length < 2) {
            throw new InputException("expected probabilities of two classes or more for each of " + labels.length
                    + " labels, received " + probabilities.length + " rows");
        }
        int classes = probabilities[0].length;
        for (int i = 0; i < labels.length; i++) {
            if (probabilities[i].length != classes || labels[i] >= classes) {
                throw new InputException("expected " + classes + " probabilities and a label below " + classes
                        + " in row " + i + ", received " + probabilities[i].length + " and " + labels[i]);
            }
            for (double p : probabilities[i]) {
                if (!(p >= 0 && p <= 1 + EQUAL)) {
                    throw new InputException("expected probabilities from 0 to 1, received " + p + " in row " + i);
                }
            }
        }
        return classes;
    }

    /** The mean probability of each class among its own; of a class without labels one that nothing reaches. */
    private static double[] thresholds(double[][] probabilities, int[] labels, int classes) {
        double[] sums = new double[classes];
        int[] counts = new int[classes];
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] >= 0) {
                sums[labels[i]] += probabilities[i][labels[i]];
                counts[labels[i]]++;
            }
        }
        return IntStream.range(0, classes)
                .mapToDouble(k -> counts[k] == 0 ? 2 : Math.max(sums[k] / counts[k], 2 * EQUAL))
                .toArray();
    }

    private static int[][] confident(double[][] probabilities, int[] labels, double[] thresholds) {
        int[][] joint = new int[thresholds.length][thresholds.length];
        for (int i = 0; i < labels.length; i++) {
            double[] p = probabilities[i];
            int[] reached = IntStream.range(0, p.length)
                    .filter(k -> p[k] >= thresholds[k] - EQUAL)
                    .toArray();
            if (reached.length > 0 && labels[i] >= 0) {
                joint[labels[i]][reached.length > 1 ? largest(p) : reached[0]]++;
            }
        }
        for (int k = 0; k < joint.length; k++) {
            joint[k][k] = Math.max(1, joint[k][k]);
        }
        return joint;
    }

    /** Each row scaled to the number of labels of its class, rounded so that it has that sum. */
    private static int[][] calibrated(int[][] joint, int[] counts) {
        int[][] calibrated = new int[joint.length][];
        for (int given = 0; given < joint.length; given++) {
            double sum = IntStream.of(joint[given]).sum();
            double labels = counts[given];
            calibrated[given] = rounded(
                    IntStream.of(joint[given])
                            .mapToDouble(n -> n / sum * labels)
                            .toArray(),
                    counts[given]);
        }
        return calibrated;
    }

    private static int[] rounded(double[] exact, int sum) {
        int[] whole = new int[exact.length];
        for (int i = 0; i < exact.length; i++) {
            whole[i] = (int) Math.rint(exact[i]);
        }
        int left = sum - IntStream.of(whole).sum();
        // What was rounded most goes the other way.
        int way = Integer.signum(left);
        IntStream.range(0, exact.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -way * (exact[i] - whole[i]))
                        .thenComparingInt(i -> -way * i))
                .limit(Math.abs(left))
                .toList()
                .forEach(i -> whole[i] += way);
        return whole;
    }

    /** How many examples of a class are of each other one, such that one example of it is left. */
    private static int[] prunes(int[] row, int given) {
        int lacking = Math.max(0, 1 - row[given]);
        long others = Math.max(1, IntStream.of(row).filter(n -> n != 0).count() - 1);
        return IntStream.range(0, row.length)
                .map(j -> j == given ? 0 : (int) Math.max(0, row[j] - (double) lacking / others))
                .toArray();
    }

    private static void mark(double[][] probabilities, int[] labels, int given, int[] prunes, BitSet marked) {
        int[] own = IntStream.range(0, labels.length)
                .filter(i -> labels[i] == given)
                .toArray();
        for (int j = 0; j < prunes.length; j++) {
            int other = j;
            if (prunes[j] > 0) {
                IntStream.of(own)
                        .boxed()
                        .sorted(Comparator.comparingDouble(
                                (Integer i) -> probabilities[i][given] - probabilities[i][other]))
                        .limit(prunes[j])
                        .forEach(marked::set);
            }
        }
    }

    private static int largest(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    @Override
    public String toString() {
        return "ConfidentLearning[issues=" + issues + ", joint=" + Shown.of(joint) + "]";
    }
}
