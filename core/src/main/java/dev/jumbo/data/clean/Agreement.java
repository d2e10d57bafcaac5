package dev.jumbo.data.clean;

import dev.jumbo.data.table.Table;
import dev.jumbo.error.InputException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How far cleaning agrees with a clean copy, value by value. Rows are matched by a key, columns by position (copies
 * often rename them). Of a row that cleaning dropped every value counts as changed, none as repaired.
 *
 * @param errors values of the dirty table that differ from the clean copy
 * @param changed values that cleaning changed
 * @param detected errors that cleaning changed, to whatever value
 * @param repaired errors that now equal the clean copy
 * @param wronglyChanged values that were right and were changed
 */
public record Agreement(long errors, long changed, long detected, long repaired, long wronglyChanged) {
    /** Compares. @throws InputException if the tables have not as many columns, or a key is not unique or not known */
    public static Agreement of(Table dirty, Table cleaned, Table clean, String key) {
        if (dirty.columns().size() != clean.columns().size()) {
            throw new InputException(
                    "expected a clean copy with " + dirty.columns().size() + " columns, received "
                            + clean.columns().size() + " " + clean.names());
        }
        int keyColumn = dirty.indexOf(key);
        Map<String, Integer> cleanRows = rows(clean, keyColumn);
        Map<String, Integer> cleanedRows = rows(cleaned, keyColumn);
        long errors = 0;
        long changed = 0;
        long detected = 0;
        long repaired = 0;
        for (int row = 0; row < dirty.rows(); row++) {
            String id = String.valueOf(dirty.text(row, keyColumn));
            Integer truth = cleanRows.get(id);
            if (truth == null) {
                throw new InputException("the clean copy has no row with " + key + " " + id);
            }
            Integer result = cleanedRows.get(id);
            for (int c = 0; c < dirty.columns().size(); c++) {
                String before = dirty.text(row, c);
                String right = clean.text(truth, c);
                String after = result == null ? null : cleaned.text(result, c);
                boolean wasWrong = !Objects.equals(before, right);
                boolean isChanged = result == null || !Objects.equals(before, after);
                errors += wasWrong ? 1 : 0;
                changed += isChanged ? 1 : 0;
                detected += wasWrong && isChanged ? 1 : 0;
                repaired += wasWrong && result != null && Objects.equals(after, right) ? 1 : 0;
            }
        }
        return new Agreement(errors, changed, detected, repaired, changed - detected);
    }

    private static Map<String, Integer> rows(Table table, int keyColumn) {
        Map<String, Integer> rows = new HashMap<>();
        for (int row = 0; row < table.rows(); row++) {
            @Nullable Integer before = rows.put(String.valueOf(table.text(row, keyColumn)), row);
            if (before != null) {
                throw new InputException("expected a different " + table.names().get(keyColumn)
                        + " in each row, received " + table.text(row, keyColumn) + " twice");
            }
        }
        return rows;
    }

    /** Of the changed values, the share that were errors. */
    public double detectionPrecision() {
        return share(detected, changed);
    }

    /** Of the errors, the share that were changed. */
    public double detectionRecall() {
        return share(detected, errors);
    }

    /** Of the changed values, the share that are now right. */
    public double repairPrecision() {
        return share(repaired, changed);
    }

    /** Of the errors, the share that are now right. */
    public double repairRecall() {
        return share(repaired, errors);
    }

    /** One line for a terminal. */
    public String text() {
        return String.format(
                Locale.ROOT,
                "agreement with a clean copy: %,d errors, %,d detected (precision %.3f, recall %.3f), %,d repaired"
                        + " (precision %.3f, recall %.3f), %,d wrongly changed",
                errors,
                detected,
                detectionPrecision(),
                detectionRecall(),
                repaired,
                repairPrecision(),
                repairRecall(),
                wronglyChanged);
    }

    private static double share(long part, long whole) {
        return whole == 0 ? 1 : (double) part / whole;
    }
}
