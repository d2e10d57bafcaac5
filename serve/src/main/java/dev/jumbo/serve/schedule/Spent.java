package dev.jumbo.serve.schedule;

/**
 * How a request has spent its time in the server, in nanoseconds, as Triton's statistics divide it.
 *
 * @param all from when it came until there was an answer, or a reason why there is none
 * @param queue waiting: to be decoded, and for its batches
 * @param input making the model's inputs: of its body, and of the rows of its batches
 * @param infer in the model: a request has the time of each batch that it was in
 * @param output making its answer of what the model gave
 * @param rows that it had; 0 where its body was never read
 */
public record Spent(long all, long queue, long input, long infer, long output, int rows) {}
