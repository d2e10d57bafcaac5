package dev.jumbo.data.prepare;

import dev.jumbo.config.Doc;
import dev.jumbo.data.table.read.TableSource;

/** A clean copy of the training table, to see how far cleaning agrees with it. */
public record CleanCopy(
        @Doc("Where it is.") TableSource source,

        @Doc("The column that is different in each row, by which rows are matched.")
        String key) {}
