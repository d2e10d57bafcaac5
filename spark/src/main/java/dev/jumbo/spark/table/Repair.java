package dev.jumbo.spark.table;

import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.table.Table;
import java.io.Serializable;
import java.util.List;

/** A step as it is done to a part of the table, once what it needs to know of the whole is known. */
interface Repair extends Serializable {
    /** @param facts what Spark found out about each row of the part */
    void apply(Table part, List<Facts> facts, Edits edits);

    /**
     * What is known of a row besides its values.
     *
     * @param votes for each column that depends on it, what {@link Repairs.Vote} says of its key, null where nothing; or empty
     * @param rank the first row of its key
     * @param again whether an equal row comes before it
     */
    @SuppressWarnings("ArrayRecordComponent") // Lives for the time of a part.
    record Facts(String[] votes, long rank, boolean again) {
        static final Facts NONE = new Facts(new String[0], 0, false);
    }
}
