package dev.jumbo.train.infer;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** The time that a processor has spent on this thread: what is looked for within a budget does not depend on who else is busy. */
final class Busy {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private Busy() {}

    /** Only differences mean something. */
    static long nanoseconds() {
        return THREADS.isCurrentThreadCpuTimeSupported() ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
    }
}
