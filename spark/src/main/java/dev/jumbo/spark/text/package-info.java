/**
 * Text for language models, document by document: pure functions without Spark, safe for several threads.
 *
 * <p>A {@link dev.jumbo.spark.text.TextStep} looks at one {@link dev.jumbo.spark.text.Document} and keeps it, perhaps
 * changed, or drops it with a reason. Steps are records that files can name; {@code text.steps.TextSteps} lists them:
 *
 * <ul>
 *   <li>{@code text.extract}: the main text of a web page;
 *   <li>{@code text.language}: documents in wanted languages;
 *   <li>{@code text.quality}: the rules of Gopher, C4 and FineWeb;
 *   <li>{@code text.privacy}: addresses, numbers and accounts replaced by placeholders;
 *   <li>{@code text.decontaminate}: documents that hold pieces of evaluation sets.
 * </ul>
 *
 * What needs two documents or more, {@code text.dedup}, is a function of its own; what makes numbers of text is
 * {@link dev.jumbo.text.Tokenizer}.
 *
 * <p>Two kinds of words are defined once, for all rules: {@link dev.jumbo.spark.text.Words}, as written, for quality; and
 * {@link dev.jumbo.spark.text.NormalWords}, without case and punctuation, for comparison between documents.
 */
@NullMarked
package dev.jumbo.spark.text;

import org.jspecify.annotations.NullMarked;
