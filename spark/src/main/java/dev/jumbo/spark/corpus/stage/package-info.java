/**
 * What a corpus goes through between its input and its output. A stage is a {@link dev.jumbo.spark.text.TextStep}, which
 * needs one document at a time, or a {@link dev.jumbo.spark.corpus.stage.CorpusStage}, which needs them all; {@link
 * dev.jumbo.spark.corpus.stage.Stages} lists both and runs them.
 */
@NullMarked
package dev.jumbo.spark.corpus.stage;

import org.jspecify.annotations.NullMarked;
