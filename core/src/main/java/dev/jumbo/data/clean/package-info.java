/**
 * Cleaning of tables: steps in order, and a report of what each changed and why.
 *
 * <pre>{@code
 * Cleaned cleaned = Cleaner.of(MissingTokens.of("N/A"), Duplicates.rows()).clean(table);
 * System.err.println(cleaned.report().text());
 * }</pre>
 *
 * <p>Steps look at one table alone. What a model needs to be fitted on the training split, such as the value for a
 * missing number, belongs to {@link dev.jumbo.data.table.encode.TableEncoder}.
 */
@NullMarked
package dev.jumbo.data.clean;

import org.jspecify.annotations.NullMarked;
