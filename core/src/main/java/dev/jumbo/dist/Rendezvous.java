package dev.jumbo.dist;

import dev.jumbo.error.InputException;

/** How workers learn where rank 0 listens, if the port is not known before they start. */
public interface Rendezvous {
    /** Told by rank 0 once it listens. @param address {@code HOST:PORT} */
    void announce(String address);

    /** Asked by every other rank: waits for what rank 0 announced. @return {@code HOST:PORT} */
    String await();

    /** For launchers that choose the port: there is nothing to say. */
    static Rendezvous fixed() {
        return new Rendezvous() {
            @Override
            public void announce(String address) {
                // Everybody knows.
            }

            @Override
            public String await() {
                throw new InputException("expected MASTER_PORT above 0, received 0: the launcher must choose a port");
            }
        };
    }
}
