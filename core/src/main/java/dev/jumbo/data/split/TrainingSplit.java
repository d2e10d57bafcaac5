package dev.jumbo.data.split;

/**
 * Two parts without a common example.
 *
 * @param train what is learned from
 * @param validation what is held out
 */
public record TrainingSplit(Subset train, Subset validation) {}
