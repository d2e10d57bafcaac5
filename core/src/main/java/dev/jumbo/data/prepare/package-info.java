/** From the {@code data} section of a configuration to cleaned tables and datasets, with the report. */
@NullMarked
package dev.jumbo.data.prepare;

import org.jspecify.annotations.NullMarked;
