/**
 * Tables from where they lie: CSV, ARFF, JSON lines, text, Parquet and databases, each a {@link
 * dev.jumbo.data.table.read.TableSource}. Malformed records go to the {@link dev.jumbo.data.table.read.Quarantine}.
 */
@NullMarked
package dev.jumbo.data.table.read;

import org.jspecify.annotations.NullMarked;
