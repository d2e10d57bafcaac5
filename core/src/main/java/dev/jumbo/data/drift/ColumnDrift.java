package dev.jumbo.data.drift;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a column has drifted.
 *
 * @param kind number, date, category, empty (one table has no value), or key: a text that is different in
 *     nearly every row, or a number of the row, which is not compared
 * @param missingBefore share of missing values in the first table
 * @param missingNow likewise in the second
 * @param psi population stability index; of numbers over tenths of the first table
 * @param jensenShannon distance over the same bins, 0 to 1
 * @param distance of numbers the greatest difference of the distribution functions; of categories Pearson's chi-squared
 * @param pValue how likely chance makes such a distance
 * @param newShare share of rows of the second table with a category that is new
 * @param newCategories the most frequent of them, with their rows
 * @param reasons why this is drift; empty: it is none
 */
public record ColumnDrift(
        String column,
        String kind,
        double missingBefore,
        double missingNow,
        @Nullable Double psi,
        @Nullable Double jensenShannon,
        @Nullable Double distance,
        @Nullable Double pValue,
        double newShare,
        Map<String, Long> newCategories,
        List<String> reasons) {
    /** Whether it is called drift. */
    public boolean drifted() {
        return !reasons.isEmpty();
    }
}
