package dev.jumbo.serve.limits;

import dev.jumbo.serve.wire.Refusal;
import java.util.concurrent.atomic.AtomicLong;

/** Bytes that requests may hold at once, counted before they are allocated. Safe for many threads. */
public final class MemoryBudget {
    private final String what;
    private final long total;
    private final AtomicLong used = new AtomicLong();

    /** @param what is held, for messages: "bodies" */
    public MemoryBudget(String what, long total) {
        this.what = what;
        this.total = total;
    }

    public long total() {
        return total;
    }

    public long used() {
        return used.get();
    }

    /** Nothing yet, to grow. */
    public Hold hold() {
        return new Hold();
    }

    /** Bytes of one request; given back by {@link #close}, once however often it is called. */
    public final class Hold implements AutoCloseable {
        private long bytes;
        private boolean closed;

        /** @return whether there was room; if not, nothing has changed */
        public synchronized boolean tryGrow(long more) {
            if (closed || used.addAndGet(more) > total) {
                if (!closed) {
                    used.addAndGet(-more);
                }
                return false;
            }
            bytes += more;
            return true;
        }

        /** @throws Refusal TOO_LARGE if it could never fit, UNAVAILABLE if it does not now */
        public void grow(long more) {
            if (more > total) {
                throw new Refusal(
                        Refusal.Reason.TOO_LARGE,
                        "expected a request that takes at most " + total + " bytes of memory for " + what
                                + ", received one that may take " + more + "; divide it");
            }
            if (!tryGrow(more)) {
                throw new Refusal(
                        Refusal.Reason.UNAVAILABLE,
                        "the server is full: no memory for more " + what + "; try again later");
            }
        }

        /** Holds so many bytes from now on, more or fewer. @throws Refusal as {@link #grow} */
        public synchronized void become(long all) {
            if (all > total) {
                grow(all); // says how much it is
            } else if (all > bytes) {
                grow(all - bytes);
            } else {
                shrinkTo(all);
            }
        }

        /** Gives back what is beyond a number of bytes. */
        public synchronized void shrinkTo(long left) {
            if (!closed && left < bytes) {
                used.addAndGet(left - bytes);
                bytes = left;
            }
        }

        @Override
        public synchronized void close() {
            if (!closed) {
                used.addAndGet(-bytes);
                bytes = 0;
                closed = true;
            }
        }
    }
}
