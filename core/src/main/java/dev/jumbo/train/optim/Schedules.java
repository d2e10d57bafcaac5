package dev.jumbo.train.optim;

import java.util.List;

/** Static factories for the common forms of every schedule, and the list of schedules that files may name. */
public final class Schedules {
    private Schedules() {}

    /** Every schedule that a configuration may name. */
    public static List<Class<? extends Schedule>> kinds() {
        return List.of(
                Constant.class,
                Step.class,
                Exponential.class,
                Cosine.class,
                WarmUp.class,
                OneCycle.class,
                Wsd.class,
                InverseSqrt.class,
                ReduceOnPlateau.class);
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

    /** Up over some steps, stable, and down over others. */
    public static Wsd wsd(long warmupSteps, long decaySteps, Wsd.Decay decay) {
        return new Wsd(warmupSteps, 0, decaySteps, 0, decay, 0);
    }

    /** Up over some steps, then down by the inverse square root of the step. */
    public static InverseSqrt inverseSqrt(long warmupSteps) {
        return new InverseSqrt(warmupSteps, 0);
    }

    public static Step step(long stepSize, double gamma) {
        return new Step(stepSize, gamma);
    }

    public static Exponential exponential(double gamma, long decaySteps) {
        return new Exponential(gamma, decaySteps);
    }

    /** Up in a straight line from 0 over some steps, then another schedule. */
    public static WarmUp warmUp(long steps, Schedule then) {
        return new WarmUp(steps, 0, 0, then);
    }

    public static ReduceOnPlateau reduceOnPlateau(String metric, double factor, int patience) {
        return new ReduceOnPlateau(metric, factor, patience, 1e-4, 0, 0);
    }
}
