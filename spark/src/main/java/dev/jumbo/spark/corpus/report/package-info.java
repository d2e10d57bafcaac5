/**
 * What a run did: {@link dev.jumbo.spark.corpus.report.StageReport} counts a stage's documents by what became of them,
 * {@link dev.jumbo.spark.corpus.report.CorpusReport} is {@code report.json}, and {@link
 * dev.jumbo.spark.corpus.report.ReportPage} is the same for people, in one HTML file that needs no network.
 */
@NullMarked
package dev.jumbo.spark.corpus.report;

import org.jspecify.annotations.NullMarked;
