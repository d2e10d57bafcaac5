/**
 * Programs to read, run and change: {@link dev.jumbo.examples.QuickStart} first, {@link
 * dev.jumbo.examples.OwnTrainingLoop} to see what it does. Each takes its settings from the top of its {@code main}.
 */
@NullMarked
package dev.jumbo.examples;

import org.jspecify.annotations.NullMarked;
