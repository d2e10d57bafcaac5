package dev.jumbo.train.infer;

/**
 * The engine that answers for a network.
 *
 * @param engine the caller closes it
 * @param why in one line: what each candidate takes, and why others are none
 */
public record ChosenEngine(SteadyEngine engine, String why) {}
