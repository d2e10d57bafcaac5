package dev.jumbo.data.split;

/**
 * Two parts without a common example.
 *
 * @param train what is learned from
 * @param validation what is held out
 */
public record Split(Subset train, Subset validation) {}
