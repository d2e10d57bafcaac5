package dev.jumbo.train.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a classifier of two classes gets right and wrong at each threshold, from the highest down; equal scores share one.
 *
 * @param points one for each distinct score
 * @param positives rows that are positive, each by its weight
 * @param negatives rows that are not
 */
public record Thresholds(List<Point> points, double positives, double negatives) {
    /**
     * Rows with at least this score are taken as positive.
     *
     * @param truePositives of these, the positive ones
     * @param falsePositives of these, the others
     */
    public record Point(double threshold, double truePositives, double falsePositives) {}

    /** Counts over all rows. @param scores larger for what is more likely positive */
    public static Thresholds of(float[] scores, boolean[] positive) {
        return of(scores, positive, new double[0]);
    }

    /** As {@link #of(float[], boolean[])}. @param weights what each row counts; empty where each counts 1 */
    public static Thresholds of(float[] scores, boolean[] positive, double[] weights) {
        long[] order = sortedDescending(scores);
        List<Point> points = new ArrayList<>();
        double hits = 0;
        double alarms = 0;
        for (int i = 0; i < order.length; i++) {
            int row = (int) order[i];
            double weight = weights.length == 0 ? 1 : weights[row];
            if (positive[row]) {
                hits += weight;
            } else {
                alarms += weight;
            }
            if (i + 1 == order.length || scores[(int) order[i + 1]] != scores[row]) {
                points.add(new Point(scores[row], hits, alarms));
            }
        }
        return new Thresholds(List.copyOf(points), hits, alarms);
    }

    /** The counts of one class against all others. */
    public static Thresholds of(Predictions predictions, int classId) {
        ScoredRows rows = new ScoredRows();
        rows.add(predictions);
        return of(rows.scores(classId), rows.positives(classId), rows.weights());
    }

    /** The area under the ROC curve by trapezoids, which counts a tie as half; NaN unless both kinds of rows occur, or where a score is NaN. */
    public double rocAuc() {
        if (positives == 0 || negatives == 0 || hasUndefinedScore()) {
            return Double.NaN;
        }
        double area = 0;
        double hits = 0;
        double alarms = 0;
        for (Point point : points) {
            area += (point.falsePositives() - alarms) * (point.truePositives() + hits) / 2.0;
            hits = point.truePositives();
            alarms = point.falsePositives();
        }
        return area / positives / negatives;
    }

    /** {@code sum (R_n - R_(n-1)) P_n} over the thresholds, without interpolation; 0 without positive rows, NaN without any or where a score is NaN. */
    public double averagePrecision() {
        if (points.isEmpty() || hasUndefinedScore()) {
            return Double.NaN;
        }
        if (positives == 0) {
            return 0;
        }
        double sum = 0;
        double hits = 0;
        for (Point point : points) {
            double precision = point.truePositives() / (point.truePositives() + point.falsePositives());
            sum += (point.truePositives() - hits) * precision;
            hits = point.truePositives();
        }
        return sum / positives;
    }

    /** NaN sorts above every number, so it could only be first. */
    private boolean hasUndefinedScore() {
        return !points.isEmpty() && Double.isNaN(points.get(0).threshold());
    }

    /** Rows by falling score. One sort of primitives: the key in the upper half of a long, the row in the lower. */
    private static long[] sortedDescending(float[] scores) {
        return IntStream.range(0, scores.length)
                .mapToLong(row -> {
                    int bits = Float.floatToIntBits(scores[row] + 0.0f); // -0 and 0 are one score.
                    int ascending = bits < 0 ? ~bits & 0x7FFFFFFF : bits | 0x80000000;
                    return ((long) ~ascending << 32) | row;
                })
                .map(key -> key ^ Long.MIN_VALUE)
                .sorted()
                .map(key -> key & 0xFFFFFFFFL)
                .toArray();
    }
}
