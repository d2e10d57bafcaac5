package dev.jumbo.train.optim;

import java.util.List;

/** Static factories for the common forms of every schedule, and the list of schedules that files may name. */
public final class Schedules {
    private Schedules() {}

    /** Every schedule that a configuration may name. */
    public static List<Class<? extends Schedule>> kinds() {
        return List.of(Constant.class, Cosine.class, OneCycle.class);
    }

    public static Constant constant() {
        return new Constant();
    }

    public static Cosine cosine() {
        return new Cosine(0);
    }

    public static OneCycle oneCycle() {
        return new OneCycle(0.3, 25, 1e4);
    }
}
