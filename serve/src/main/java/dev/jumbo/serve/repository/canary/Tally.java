package dev.jumbo.serve.repository.canary;

import java.util.concurrent.atomic.LongAdder;

/** What came of the requests of one version. */
final class Tally {
    final LongAdder requests = new LongAdder();
    final LongAdder errors = new LongAdder();
    final Latencies latencies = new Latencies();

    double errorRate() {
        return requests.sum() == 0 ? 0 : (double) errors.sum() / requests.sum();
    }
}
