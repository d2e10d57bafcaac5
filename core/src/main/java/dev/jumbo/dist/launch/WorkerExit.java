package dev.jumbo.dist.launch;

import java.util.Map;

/**
 * How a worker ended.
 *
 * @param status of the process; 128 and more is the number of the signal that ended it,
 *     {@link #LOST} that nobody knows
 * @param lastError the last line that it wrote to standard error, without the {@code jumbo:} in front; empty for none
 */
public record WorkerExit(int status, String lastError) {
    /** The work is done. */
    public static final int DONE = 0;
    /** The caller's mistake: starting again would change nothing. */
    public static final int MISTAKE = 2;
    /** Another rank was lost, so this one could not go on. */
    public static final int PEER_LOST = 3;
    /** It, or another worker, was told to end, and where training stands is saved: the status after SIGTERM. */
    public static final int STOPPED = 143;
    /** The launcher is gone: standard input has ended. */
    public static final int ORPHANED = 99;

    /** No status is known: who watched the worker is gone, and the worker with it. */
    public static final int LOST = -1;

    private static final int FIRST_SIGNAL = 128;

    private static final Map<Integer, String> SIGNALS = Map.ofEntries(
            Map.entry(1, "SIGHUP"),
            Map.entry(2, "SIGINT"),
            Map.entry(3, "SIGQUIT"),
            Map.entry(4, "SIGILL"),
            Map.entry(6, "SIGABRT"),
            Map.entry(7, "SIGBUS"),
            Map.entry(8, "SIGFPE"),
            Map.entry(9, "SIGKILL"),
            Map.entry(11, "SIGSEGV"),
            Map.entry(15, "SIGTERM"));

    public boolean isDone() {
        return status == DONE;
    }

    public boolean isMistake() {
        return status == MISTAKE;
    }

    /** Whether it was told to end (SIGHUP, SIGINT, SIGTERM), which training answers by saving where it stands. */
    public boolean isStopped() {
        return status == STOPPED || status == FIRST_SIGNAL + 1 || status == FIRST_SIGNAL + 2;
    }

    /** Whether a signal ended it. */
    public boolean isSignal() {
        return status > FIRST_SIGNAL;
    }

    /** For messages: {@code killed by SIGKILL}, or {@code exit 1: no space left on device}. */
    public String describe() {
        String how = "exit " + status;
        if (isStopped() && !lastError.isEmpty()) {
            return lastError;
        }
        if (isSignal()) {
            how = "killed by " + SIGNALS.getOrDefault(status - FIRST_SIGNAL, "signal " + (status - FIRST_SIGNAL));
        } else if (status == LOST) {
            how = "lost";
        }
        return lastError.isEmpty() ? how : how + ": " + lastError;
    }
}
