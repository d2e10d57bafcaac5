package dev.jumbo.data.split;

import java.util.List;

/** The ways to divide data that a configuration may name. */
public final class SplitMethods {
    private SplitMethods() {}

    public static List<Class<? extends SplitMethod>> kinds() {
        return List.of(RandomSplit.class, StratifiedSplit.class, GroupSplit.class, TimeSplit.class, LastSplit.class);
    }
}
