package dev.jumbo.data.split;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Dataset;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.RandomState;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The latest rows: every validation row is strictly later than every training row, and every test row than those. Rows of
 * one time stay together, so the parts are as near to their shares as that allows. It has no folds, because a fold in the
 * middle would be judged by a model that has seen what comes after it.
 *
 * @param column numbers, or dates and times as ISO 8601 has them
 */
@Kind("time")
@Doc("The latest rows by a column: validation is strictly later than training, and test than validation.")
public record TimeSplit(
        @Doc("A column of numbers, or of dates and times as 2026-01-31 or 2026-01-31T12:00:00Z; it need not be an"
                + " input.")
        String column)
        implements SplitMethod {
    @Override
    public String adviceOnMissingClasses() {
        return "the parts are periods: hold out a larger share (a longer one) so that each has the class, or"
                + " leave out classes that ended or came up within the table";
    }

    @Override
    public HeldOut choose(Dataset dataset, Keys keys, Shares shares, RandomState random) {
        List<@Nullable String> texts = keys.column(column);
        BigDecimal[] times = Times.of(texts, column, keys);
        if (times.length != dataset.size()) {
            throw new InputException(
                    "expected a time for each of " + dataset.size() + " examples, received " + times.length);
        }
        int[] order = IntStream.range(0, times.length)
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> times[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        int n = order.length;
        int testFrom = cut(times, order, n - Shares.of(n, shares.test()), n);
        int from = cut(times, order, testFrom - Shares.of(n, shares.validation()), testFrom);
        return HeldOut.of(Arrays.stream(order, from, testFrom), Arrays.stream(order, testFrom, n));
    }

    /** The position nearest to the wanted one, above 0 and below the end, at which the time changes. */
    private int cut(BigDecimal[] times, int[] order, int wanted, int end) {
        if (wanted == end) {
            return end;
        }
        for (int distance = 0; distance < end; distance++) {
            for (int at : new int[] {wanted - distance, wanted + distance}) {
                if (at > 0 && at < end && times[order[at]].compareTo(times[order[at - 1]]) > 0) {
                    return at;
                }
            }
        }
        throw new InputException("split: expected rows of different times in the column " + column + ", received " + end
                + " that cannot be divided into earlier and later ones");
    }

    @Override
    public List<int[]> folds(Dataset dataset, Keys keys, int k, RandomState random) {
        throw new InputException(
                "expected a split that has folds, received time: a fold would be judged by a model that"
                        + " has seen what comes after it; leave the folds out, or divide by group: {column: ...}");
    }
}
