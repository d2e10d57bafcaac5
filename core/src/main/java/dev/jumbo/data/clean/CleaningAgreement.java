package dev.jumbo.data.clean;

import dev.jumbo.data.table.Table;
import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
public record CleaningAgreement(long errors, long changed, long detected, long repaired, long wronglyChanged) {
    /** Of no values. */
    public static final CleaningAgreement NONE = new CleaningAgreement(0, 0, 0, 0, 0);

    /** Compares. @throws InputException if the tables have not as many columns, or a key is not unique or not known */
    public static CleaningAgreement of(Table dirty, Table cleaned, Table clean, String key) {
        requireColumns(dirty.names(), clean.names());
        int keyColumn = dirty.indexOf(key);
        Map<String, Integer> cleanRows = rows(clean, keyColumn);
        Map<String, Integer> cleanedRows = rows(cleaned, keyColumn);
        CleaningAgreement sum = NONE;
        for (int row = 0; row < dirty.rows(); row++) {
            String id = String.valueOf(dirty.text(row, keyColumn));
            Integer truth = cleanRows.get(id);
            if (truth == null) {
                throw noRow(key, id);
            }
            Integer result = cleanedRows.get(id);
            sum = sum.plus(
                    ofRow(texts(dirty, row), result == null ? null : texts(cleaned, result), texts(clean, truth)));
        }
        return sum;
    }

    /**
     * Compares the values of one row.
     *
     * @param after null: cleaning dropped the row
     */
    public static CleaningAgreement ofRow(
            List<@Nullable String> before, @Nullable List<@Nullable String> after, List<@Nullable String> right) {
        long errors = 0;
        long changed = 0;
        long detected = 0;
        long repaired = 0;
        for (int c = 0; c < before.size(); c++) {
            boolean wasWrong = !Objects.equals(before.get(c), right.get(c));
            boolean isChanged = after == null || !Objects.equals(before.get(c), after.get(c));
            errors += wasWrong ? 1 : 0;
            changed += isChanged ? 1 : 0;
            detected += wasWrong && isChanged ? 1 : 0;
            repaired += wasWrong && after != null && Objects.equals(after.get(c), right.get(c)) ? 1 : 0;
        }
        return new CleaningAgreement(errors, changed, detected, repaired, changed - detected);
    }

    /** Of both together. */
    public CleaningAgreement plus(CleaningAgreement other) {
        return new CleaningAgreement(
                errors + other.errors,
                changed + other.changed,
                detected + other.detected,
                repaired + other.repaired,
                wronglyChanged + other.wronglyChanged);
    }

    /** @throws InputException if a clean copy has not as many columns */
    public static void requireColumns(List<String> dirty, List<String> clean) {
        if (dirty.size() != clean.size()) {
            throw new InputException(
                    "expected a clean copy with " + dirty.size() + " columns, received " + clean.size() + " " + clean);
        }
    }

    /** The mistake of a clean copy without a row of the dirty table. */
    public static InputException noRow(String key, String id) {
        return new InputException("the clean copy has no row with " + key + " " + id);
    }

    /** The mistake of a key that two rows have. */
    public static InputException twice(String key, @Nullable String id) {
        return new InputException("expected a different " + key + " in each row, received " + id + " twice");
    }

    private static List<@Nullable String> texts(Table table, int row) {
        List<@Nullable String> texts = new ArrayList<>();
        table.columns().forEach(column -> texts.add(column.text(row)));
        return texts;
    }

    private static Map<String, Integer> rows(Table table, int keyColumn) {
        Map<String, Integer> rows = new HashMap<>();
        for (int row = 0; row < table.rows(); row++) {
            @Nullable Integer before = rows.put(String.valueOf(table.text(row, keyColumn)), row);
            if (before != null) {
                throw twice(table.names().get(keyColumn), table.text(row, keyColumn));
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
