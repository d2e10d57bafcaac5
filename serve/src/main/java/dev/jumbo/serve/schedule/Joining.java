package dev.jumbo.serve.schedule;

import dev.jumbo.train.Predictor;

/** Whether rows of several requests may be computed together. */
final class Joining {
    private Joining() {}

    /** Whether a predictor gives each row the bits that it gives it alone, whatever it is asked together with. */
    static boolean isSafe(Predictor predictor) {
        return predictor.keepsRowsApart();
    }
}
