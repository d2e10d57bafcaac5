package dev.jumbo.train;

/** How numeric targets are scaled for the loss: fitted on the training split, undone in predictions and metrics. */
public enum TargetScaling {
    /** As they are. */
    NONE,
    /** To mean 0 and deviation 1, each value of a target {@code [values]} on its own, as scikit-learn's {@code StandardScaler}. */
    STANDARD
}
