package dev.jumbo.serve.schedule;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that take one piece of work after the other. One that does not come back is told of, and another takes its place, so that
 * other work goes on; when it does come back it ends.
 */
final class Crew implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Crew.class);

    /** Threads that may be stuck beside those that work: each may hold a processor, and the memory of what it works on. */
    private static final int MOST_STUCK = 4;

    /** A piece of work. */
    interface Work {
        /** Does it; must not throw. */
        void run();

        /** For the log: "a batch of mnist". */
        String name();

        /** It takes too long, or did. */
        default void stuck(boolean now) {}
    }

    /** Where work comes from. */
    interface Source {
        /** Waits for work. @return null for the end */
        @Nullable
        Work next() throws InterruptedException;
    }

    private final String name;
    private final Source source;
    private final List<Member> members = new ArrayList<>();
    private int count;
    private int stuck;

    Crew(String name, int threads, Source source) {
        this.name = name;
        this.source = source;
        for (int i = 0; i < threads; i++) {
            add();
        }
    }

    private synchronized void add() {
        Member member = new Member(name + "-" + ++count);
        members.add(member);
        member.start();
    }

    /** Looks for threads that have been at one piece of work for too long. */
    synchronized void watch(long now, long most) {
        for (Member member : List.copyOf(members)) {
            Work work = member.work;
            if (work != null && now - member.since > most && !member.left && stuck < MOST_STUCK) {
                member.left = true;
                stuck++;
                work.stuck(true);
                LOG.error(
                        "{} has taken more than {} s: the server says that it is not ready, and goes on with other work",
                        work.name(),
                        most / 1_000_000_000.0);
                add();
            }
        }
    }

    /** How many threads do not come back. */
    synchronized int stuck() {
        return stuck;
    }

    /** Since when the longest piece of work is done, as of {@link System#nanoTime}; now if there is none. */
    synchronized long since(long now) {
        long since = now;
        for (Member member : members) {
            if (member.work != null && !member.left && member.since - since < 0) {
                since = member.since;
            }
        }
        return since;
    }

    /** Ends the threads; work that is going on is interrupted. */
    @Override
    public synchronized void close() {
        members.forEach(Thread::interrupt);
    }

    private synchronized void did(Member member, Work work) {
        member.work = null;
        if (member.left) {
            members.remove(member);
            stuck--;
            work.stuck(false);
            LOG.warn("{} came back after all", work.name());
        }
    }

    private final class Member extends Thread {
        private volatile @Nullable Work work;
        private volatile long since;
        private volatile boolean left;

        Member(String name) {
            super(name);
            setDaemon(true);
        }

        @Override
        public void run() {
            try {
                while (!left) {
                    Work next = source.next();
                    if (next == null) {
                        return;
                    }
                    since = System.nanoTime();
                    work = next;
                    next.run();
                    did(this, next);
                }
            } catch (InterruptedException e) {
                interrupt(); // the end
            }
        }
    }
}
