package dev.jumbo.cli;

import sun.misc.Signal;

/**
 * SIGHUP, which a terminal sends to what runs in it when it closes. A server goes on: it is stopped by SIGTERM or Ctrl-C. A
 * server started by {@code nohup} never gets the signal.
 */
final class Hangup {
    private Hangup() {}

    /** From now on the signal does nothing but run an action. */
    static void ignore(Runnable told) {
        try {
            Signal.handle(new Signal("HUP"), signal -> told.run());
        } catch (IllegalArgumentException e) {
            // There is no such signal on this system, or the JVM leaves it alone (-Xrs, nohup): nothing to ignore.
        }
    }
}
