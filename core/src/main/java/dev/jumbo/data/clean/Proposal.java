package dev.jumbo.data.clean;

/**
 * A merge of two values that a person may accept.
 *
 * @param from the value that would go
 * @param to the value that would take its place
 * @param rows how many rows have the first
 * @param toRows how many rows have the second
 * @param why what they have in common
 */
public record Proposal(String column, String from, String to, long rows, long toRows, String why) {}
