/**
 * Web archives as they are found: WARC of any version (ISO 28500) and ARC, with the deviations that crawlers leave. A
 * record is {@link dev.jumbo.spark.corpus.input.warc.ArchiveRecord}, what a server said in it {@link
 * dev.jumbo.spark.corpus.input.warc.HttpReply}.
 */
@NullMarked
package dev.jumbo.spark.corpus.input.warc;

import org.jspecify.annotations.NullMarked;
