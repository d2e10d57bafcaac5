package dev.jumbo.data.clean.expect;

import dev.jumbo.config.ListsKinds;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.table.Table;
import java.util.List;

/** Something expected of a table. Records with a {@link dev.jumbo.config.Kind}, judged by {@link Expect}. */
public interface Expectation {
    /** Every expectation that files may name. */
    @ListsKinds
    static List<Class<? extends Expectation>> kinds() {
        return List.of(
                Filled.class,
                Unique.class,
                InRange.class,
                InSet.class,
                Matching.class,
                AllNumbers.class,
                AllDates.class,
                Holds.class,
                RowCount.class,
                Monotonic.class,
                Mean.class,
                Median.class,
                Deviation.class,
                Distinct.class);
    }

    /**
     * What was found.
     *
     * @param met whether it is what was expected
     * @param words what was found
     */
    record Finding(String expected, boolean met, String words) {}

    /**
     * Looks at the table, and shows through the edits what is not as expected; changes nothing.
     *
     * @throws dev.jumbo.error.InputException if a column that it names is not there
     */
    List<Finding> judge(Table table, Edits edits);
}
