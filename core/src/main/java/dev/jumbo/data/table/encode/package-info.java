/**
 * From a table to what a network takes. {@link dev.jumbo.data.table.encode.TableLayout} fixes what each column means; {@link
 * dev.jumbo.data.table.encode.TableDataset} gives raw values; {@link dev.jumbo.data.table.encode.TableEncoding}, fitted on the
 * training split, makes features of them, also of single rows that a {@link dev.jumbo.data.table.encode.RowReader} has read.
 */
@NullMarked
package dev.jumbo.data.table.encode;

import org.jspecify.annotations.NullMarked;
