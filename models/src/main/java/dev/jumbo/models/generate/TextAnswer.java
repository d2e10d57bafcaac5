package dev.jumbo.models.generate;

import dev.jumbo.nn.generate.Generated;

/**
 * The text of an answer.
 *
 * @param text without the prompt, and without a text of {@code stop} that ended it
 * @param promptTokens tokens of the prompt, with the mark before it
 * @param generated its tokens, those of the text that ended it included
 */
public record TextAnswer(String text, int promptTokens, Generated generated) {}
