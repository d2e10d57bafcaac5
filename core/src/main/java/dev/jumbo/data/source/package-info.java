/**
 * Where examples come from, as a configuration says it: {@link dev.jumbo.data.source.DataConfig} is the {@code data}
 * section, a {@link dev.jumbo.data.source.DataSource} is what its key {@code dataset} names.
 */
@NullMarked
package dev.jumbo.data.source;

import org.jspecify.annotations.NullMarked;
