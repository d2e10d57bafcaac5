/**
 * Tables: columns of numbers and texts with missing values.
 *
 * <p>The way: a {@code TableSource} of {@code data.table.read} gives a {@link dev.jumbo.data.table.Table}; {@code data.clean}
 * repairs it and reports; {@code data.table.encode} fixes what each column means, gives raw values as a dataset, and makes
 * features of them.
 */
@NullMarked
package dev.jumbo.data.table;

import org.jspecify.annotations.NullMarked;
