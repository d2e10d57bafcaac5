package dev.jumbo.train.metrics.text;

import dev.jumbo.train.metrics.BootstrapInterval;
import org.jspecify.annotations.Nullable;

/**
 * A figure of a corpus.
 *
 * @param name such as {@code bleu}
 * @param value of the corpus
 * @param interval what it may be of others like it, or null where none was asked for
 * @param signature what it was made with; empty where nothing can be chosen
 */
public record TextScore(String name, double value, @Nullable BootstrapInterval interval, String signature) {}
