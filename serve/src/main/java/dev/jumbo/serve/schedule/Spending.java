package dev.jumbo.serve.schedule;

/** How a request spends its time, while it does. Written by one thread after the other: the futures between them order what they write. */
final class Spending {
    private final long came;
    private long queue;
    private long input;
    private long infer;
    private long output;
    private int rows;

    /** @param came as of {@link System#nanoTime} */
    Spending(long came) {
        this.came = came;
    }

    /** Its body is going to be decoded: until now it waited for that. @return now */
    long decoding() {
        long now = System.nanoTime();
        queue += now - came;
        return now;
    }

    /** @param read how many rows its body has */
    void decoded(long since, int read) {
        input += System.nanoTime() - since;
        rows = read;
    }

    void answered(long since) {
        output += System.nanoTime() - since;
    }

    /** The terms on which it is computed: who is told of its times is told of all its waiting. */
    Terms on(Terms terms) {
        return terms.with((waited, computed) -> {
            queue += waited;
            input += computed.input();
            infer += computed.infer();
            output += computed.output();
            terms.times().spent(queue, computed);
        });
    }

    Spent ended() {
        return new Spent(System.nanoTime() - came, queue, input, infer, output, rows);
    }
}
