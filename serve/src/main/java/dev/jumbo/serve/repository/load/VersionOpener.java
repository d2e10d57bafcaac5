package dev.jumbo.serve.repository.load;

import dev.jumbo.serve.repository.disk.FoundVersion;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.checkpoint.GoldenRows;

/** Makes a predictor of the files of a version. */
@FunctionalInterface
public interface VersionOpener {
    /**
     * Verifies and loads.
     *
     * @return the caller closes the predictor
     * @throws dev.jumbo.error.InputException if it is no model that this server takes
     * @throws dev.jumbo.error.FailureException if files are missing or damaged
     */
    Opened open(FoundVersion version);

    /**
     * What was opened.
     *
     * @param recorded rows of the data that it was trained on, which it is tried with
     */
    record Opened(Predictor predictor, GoldenRows recorded) {
        /** Without rows. */
        public static Opened of(Predictor predictor) {
            return new Opened(predictor, GoldenRows.none());
        }
    }

    /** Bytes of memory that loading takes at most, as far as the files say. */
    default long memory(FoundVersion version) {
        return Math.addExact(Math.multiplyExact(2, version.bytes()), 16L << 20);
    }
}
