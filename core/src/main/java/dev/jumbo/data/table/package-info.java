/**
 * Tables: columns of numbers and texts with missing values, from CSV, Parquet or text files to a dataset.
 *
 * <p>The way: {@link dev.jumbo.data.table.TableSource} reads a {@link dev.jumbo.data.table.Table} (malformed records go
 * to the {@link dev.jumbo.data.table.Quarantine}); {@code dev.jumbo.data.clean} repairs it and reports; {@link
 * dev.jumbo.data.table.TableLayout} fixes what each column means; {@link dev.jumbo.data.table.TableDataset} gives raw
 * values; {@link dev.jumbo.data.table.TableEncoding}, fitted on the training split, makes features of them.
 */
@NullMarked
package dev.jumbo.data.table;

import org.jspecify.annotations.NullMarked;
