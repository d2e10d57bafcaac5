/**
 * Text corpora at any size: from web archives, tables and files to documents and token shards, by a pipeline in YAML.
 *
 * <p>{@link dev.jumbo.spark.corpus.CorpusConfig} is the section {@code corpus} of the file, {@link
 * dev.jumbo.spark.corpus.CorpusRun} does what it says. Each stage reads what the one before it wrote and writes what
 * became of each document, so a stage that is done is never run again ({@link dev.jumbo.spark.corpus.StageFiles}), and
 * what it did is counted from what it wrote ({@code corpus.report}).
 *
 * <p>{@code corpus.input} reads, {@code corpus.stage} takes out and changes, {@code corpus.dedup} finds what is there
 * twice, {@code corpus.shard} writes tokens.
 */
@NullMarked
package dev.jumbo.spark.corpus;

import org.jspecify.annotations.NullMarked;
