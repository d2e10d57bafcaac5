/** Dates and times in tables: read from any spelling, written in one (ISO 8601), taken apart into numbers. */
@NullMarked
package dev.jumbo.data.clean.dates;

import org.jspecify.annotations.NullMarked;
