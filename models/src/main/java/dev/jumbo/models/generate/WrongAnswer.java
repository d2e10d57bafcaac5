package dev.jumbo.models.generate;

/**
 * An answer that is not what the conversation has.
 *
 * @param where file and line of the conversation
 * @param message its number among the messages, from 0
 */
public record WrongAnswer(String where, int message, String expected, String received) {}
