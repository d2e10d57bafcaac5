package dev.jumbo.train.labels;

/**
 * An example whose label is likely wrong.
 *
 * @param index of the example
 * @param given the class it is labelled with
 * @param suggested the most probable class
 * @param selfConfidence the probability of the given class: the lower, the likelier the label is wrong
 * @param confidence the probability of the suggested class
 */
public record LabelIssue(int index, int given, int suggested, double selfConfidence, double confidence) {}
