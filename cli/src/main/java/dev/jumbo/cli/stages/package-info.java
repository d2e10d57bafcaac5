/**
 * A file of several commands that follow each other, each with what it reads and writes: {@link dev.jumbo.cli.stages.StagesFile} is what the file says,
 * {@link dev.jumbo.cli.stages.StagesRun} does it and goes on behind a stop.
 */
@NullMarked
package dev.jumbo.cli.stages;

import org.jspecify.annotations.NullMarked;
