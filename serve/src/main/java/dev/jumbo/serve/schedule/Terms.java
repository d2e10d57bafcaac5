package dev.jumbo.serve.schedule;

import java.util.function.BooleanSupplier;

/**
 * On what terms a request is made.
 *
 * @param caller who asks, for quotas and the log: the name of a token, or an address; never a secret
 * @param deadline by when the answer is worth something, as of {@link System#nanoTime}
 * @param gone whether the caller no longer waits
 */
public record Terms(String caller, long deadline, BooleanSupplier gone) {}
