package dev.jumbo.serve.v2;

import dev.jumbo.error.InputException;
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.repository.Lease;
import dev.jumbo.serve.repository.ServedModels;
import dev.jumbo.serve.schedule.Inference;
import dev.jumbo.serve.schedule.Terms;
import dev.jumbo.serve.wire.InferReader;
import dev.jumbo.serve.wire.Refusal;
import java.io.IOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests of a server to itself before it says that it is ready: bodies of each kind that a model takes, from the bytes of a connection to
 * those of the answer, alone and many at once. Java compiles what is called often, kernels choose their ways and buffers are made before
 * somebody waits for it. On one processor the compilers take their time from the requests, so it goes on until they have little left to do.
 */
public final class Rehearsal {
    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);
    private static final int[] TOGETHER = {1, 1, 1, 4, 1, 1, 1, 16};

    /** How many times the usual time of a model a warm-up may take in all. */
    private static final int MOST = 15;

    /** Of a processor, what the compilers may still take. */
    private static final double LITTLE = 0.1;

    private final Inference inference;
    private final Duration each;

    /** Where a server hears itself. @param authorization the header by which it knows itself */
    public record Own(InetSocketAddress address, String authorization) {}

    /** @param each for one model, and longer where Java has not compiled by then what they bring about */
    public Rehearsal(Inference inference, Duration each) {
        this.inference = inference;
        this.each = each;
    }

    /** Warms every model up that answers. @param own where HTTP is spoken; null where nothing but TLS is */
    public void run(ServedModels models, @Nullable Own own) {
        long most = System.nanoTime()
                + each.toNanos() * Math.max(MOST, models.names().size());
        long turn = each.toNanos();
        double compiling;
        do {
            long begin = System.nanoTime();
            long compiled = compiledMillis();
            for (String name : models.names()) {
                try (Lease lease = models.lease(name, null)) {
                    warm(lease.model(), System.nanoTime() + turn, own);
                } catch (Refusal e) {
                    LOG.debug("{} is not warmed up: {}", name, e.getMessage());
                }
            }
            compiling = (compiledMillis() - compiled) * 1e6 / Math.max(1, System.nanoTime() - begin);
            turn = Math.max(1, each.toNanos() / 2);
        } while (compiling > LITTLE && System.nanoTime() < most);
    }

    /** Milliseconds that Java's compilers have worked so far, all threads together; 0 where it does not say. */
    private static long compiledMillis() {
        CompilationMXBean compilation = ManagementFactory.getCompilationMXBean();
        return compilation != null && compilation.isCompilationTimeMonitoringSupported()
                ? compilation.getTotalCompilationTime()
                : 0;
    }

    /** Sends a request some times at once, and waits for the answers. */
    private interface Way {
        /** Whether it was answered. */
        boolean ask(int together) throws IOException;
    }

    private void warm(ServedModel model, long end, @Nullable Own own) {
        if (own != null) {
            try (OwnConnections connections = new OwnConnections(own.address)) {
                List<Way> ways = new ArrayList<>();
                for (RehearsalBodies.Ask ask : RehearsalBodies.of(model)) {
                    byte[] request = ask.http(model, own.authorization);
                    ways.add(together -> connections.ask(request, together));
                }
                warm(ways, end);
                return;
            } catch (IOException e) {
                LOG.debug("connections are not warmed up: {}", e.getMessage());
            }
        }
        List<Way> ways = new ArrayList<>();
        for (RehearsalBodies.Ask ask : RehearsalBodies.of(model)) {
            ways.add(together -> askInside(model, ask, together));
        }
        try {
            warm(ways, end);
        } catch (IOException e) {
            throw new IllegalStateException("nothing is sent here", e);
        }
    }

    private static void warm(List<Way> ways, long end) throws IOException {
        // Once at least: on a machine that has other things to do the time may be over before the first request.
        for (int round = 0; (round == 0 || System.nanoTime() < end) && !ways.isEmpty(); round++) {
            int together = TOGETHER[round % TOGETHER.length];
            for (Way way : List.copyOf(ways)) {
                // A made-up body need not be one that the model takes.
                if (!way.ask(together)) {
                    ways.remove(way);
                }
            }
        }
    }

    /** Without connections. */
    private boolean askInside(ServedModel model, RehearsalBodies.Ask ask, int together) {
        byte[] body = ask.body();
        List<CompletableFuture<?>> asked = new ArrayList<>();
        try {
            for (int i = 0; i < together; i++) {
                asked.add(
                        ask.isInfer()
                                ? inference
                                        .infer(
                                                model.name(),
                                                model.version(),
                                                () -> InferReader.read(
                                                        model.name(), model.version(), body, ask.jsonLength()),
                                                terms(body))
                                        .thenApplyAsync(InferWriter::write)
                                : inference
                                        .predict(model.name(), model.version(), body, ask.isJson(), terms(body))
                                        .thenApplyAsync(Predictions::write));
            }
            asked.forEach(CompletableFuture::join);
            return true;
        } catch (CompletionException | InputException | Refusal e) {
            LOG.debug("{}: a body of the warm-up was refused: {}", model.name(), e.getMessage());
            return false;
        }
    }

    private static Terms terms(byte[] body) {
        return new Terms(Terms.WARM_UP, System.nanoTime() + TimeUnit.SECONDS.toNanos(30), () -> false)
                .withBytes(body.length);
    }
}
