package dev.jumbo.serve.schedule;

import dev.jumbo.error.InputException;
import dev.jumbo.serve.limits.Limits;
import dev.jumbo.serve.limits.MemoryBudget;
import dev.jumbo.serve.model.InputRows;
import dev.jumbo.serve.model.PredictBody;
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.repository.Lease;
import dev.jumbo.serve.repository.ServedModels;
import dev.jumbo.serve.repository.Shadow;
import dev.jumbo.serve.repository.settings.BatchingSettings;
import dev.jumbo.serve.wire.InferAnswer;
import dev.jumbo.serve.wire.InferRequest;
import dev.jumbo.train.answer.RowOutputs;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a whole request to its answer, for every protocol: nothing computes but by these calls. The caller's quota is looked at, a
 * version leased, the body decoded within the limits, and the rows computed when it is their turn.
 */
public final class Inference implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Inference.class);
    /** Bodies up to this are decoded where they came in: handing them over would take as long. */
    private static final long SHORT_BYTES = 32 << 10;

    /** Bytes of the heap that decoding takes for each of a body: one digit and a comma become a double, a float and a spare place. */
    private static final long DECODED_PER_BYTE = 12;

    private static final long WATCH_MILLIS = 25;

    private final ServedModels models;
    private final Limits limits;
    private final Admission admission;
    private final Activity activity;
    private final MemoryBudget values;
    private final Scheduler scheduler;
    private final Decoders decoders;
    private final List<LongConsumer> watched = new CopyOnWriteArrayList<>();
    private final Thread watch;

    /**
     * @param threads that compute
     * @param maxQueue requests that may wait beside those being computed
     */
    public Inference(
            ServedModels models,
            SchedulingConfig config,
            Limits limits,
            int threads,
            int maxQueue,
            Admission admission,
            Activity activity) {
        this.models = models;
        this.limits = limits;
        this.admission = admission;
        this.activity = activity;
        values = new MemoryBudget("values", config.valueBytes());
        scheduler = new Scheduler(config, threads, maxQueue, activity);
        decoders = new Decoders(config.decoderThreads(), Math.max(1, maxQueue), (long) (config.ageingMs() * 1e6));
        watch = new Thread(() -> watch((long) (config.stuckSeconds() * 1e9)), "jumbo-watch");
        watch.setDaemon(true);
        watch.start();
    }

    /** With the usual settings. */
    public Inference(ServedModels models) {
        this(models, SchedulingConfig.standard(), Limits.standard(), 1, 64, Admission.FREE, Activity.NONE);
    }

    /**
     * Answers an infer request.
     *
     * @param version null for the one that answers where none is named
     * @param body decodes the request; it runs on another thread if it may take long
     * @return fails with a {@link dev.jumbo.serve.wire.Refusal} or an {@link InputException}; completes on a thread that computes, so
     *     write the answer on another
     * @throws dev.jumbo.serve.wire.Refusal if that is known at once
     */
    public CompletableFuture<InferAnswer> infer(
            String model, @Nullable String version, Callable<InferRequest> body, Terms terms) {
        return infer(model, version, (ServedModel served) -> body.call(), terms);
    }

    /** Decodes a body that is read by what the version takes. */
    @FunctionalInterface
    public interface Body {
        InferRequest read(ServedModel model) throws Exception;
    }

    /** As {@link #infer(String, String, Callable, Terms)}, of a body whose meaning depends on the version that answers. */
    public CompletableFuture<InferAnswer> infer(String model, @Nullable String version, Body body, Terms terms) {
        long came = System.nanoTime();
        return leased(model, version, terms, isShort(terms), (served, usual) -> {
            InferRequest request = body.read(served);
            List<InferRequest.Output> wanted = Answers.select(served, request);
            ServedModel.Request read = served.read(request, limits);
            return new Reading<>(
                    read,
                    wished(usual, request.wishes(), came),
                    Answers.bytes(served, read, request, wanted),
                    outputs -> Answers.of(served, request, wanted, read, outputs));
        });
    }

    /** The terms that the body itself asks for. @param came when */
    private static Terms wished(Terms terms, InferRequest.Wishes wishes, long came) {
        Terms all = wishes.priority() == 0 ? terms : terms.withPriority(Priority.of(wishes.priority()));
        return wishes.timeoutMicros() <= 0 ? all : all.by(came + TimeUnit.MICROSECONDS.toNanos(wishes.timeoutMicros()));
    }

    /** Answers a {@code predict} request. @param json whether the body is JSON, or a file */
    public CompletableFuture<ServedModel.Said> predict(
            String model, @Nullable String version, byte[] body, boolean json, Terms terms) {
        Terms counted = terms.withBytes(body.length);
        boolean here = isShort(counted) && (json || Limits.isSmallPicture(body));
        return leased(model, version, counted, here, (served, usual) -> {
            ServedModel.Asked asked = new PredictBody(served, limits).read(body, json);
            return said(served, asked, usual);
        });
    }

    /** Answers a {@code predict} request of several files, with a list. */
    public CompletableFuture<ServedModel.Said> predict(
            String model, @Nullable String version, List<byte[]> files, Terms terms) {
        return leased(model, version, terms, false, (served, usual) -> {
            ServedModel.Asked asked = new PredictBody(served, limits).read(files);
            return said(served, asked, usual);
        });
    }

    /** Whether a computation, or the reading of a body, does not come back: the server is not ready then. */
    public boolean isStuck() {
        return scheduler.isStuck() || decoders.isStuck();
    }

    /** Requests that wait for the device. */
    public int waiting() {
        return scheduler.waiting();
    }

    /** Bytes that requests hold in values made of their bodies. */
    public long valueBytes() {
        return values.used();
    }

    /** Has something else looked after now and then. @param task takes the time as of {@link System#nanoTime} */
    public void watch(LongConsumer task) {
        watched.add(task);
    }

    /** Ends the threads; what still waits is refused. */
    @Override
    public void close() {
        watch.interrupt();
        decoders.close();
        scheduler.close();
    }

    // ---- the way ----------------------------------------------------------------------------------------------------

    /** A decoded request, on what terms, what its answer takes, and what is made of the outputs. */
    private record Reading<T>(
            ServedModel.Request request, Terms terms, long answerBytes, Function<RowOutputs, T> answer) {}

    private static Reading<ServedModel.Said> said(ServedModel served, ServedModel.Asked asked, Terms terms) {
        long bytes = Answers.bytes(served, asked.request());
        return new Reading<>(asked.request(), terms, bytes, outputs -> served.said(asked, outputs));
    }

    /** Decodes for a version. */
    private interface Decoding<T> {
        /** @param usual the terms of a request that says nothing of them itself */
        Reading<T> with(ServedModel model, Terms usual) throws Exception;
    }

    private static boolean isShort(Terms terms) {
        return terms.bytes() >= 0 && terms.bytes() <= SHORT_BYTES;
    }

    private <T> CompletableFuture<T> leased(
            String name, @Nullable String version, Terms terms, boolean here, Decoding<T> decoding) {
        long came = System.nanoTime();
        admission.request(terms, name);
        Lease lease = models.lease(name, version, terms.caller(), terms.key());
        MemoryBudget.Hold hold = values.hold();
        Shadow shadow = lease.shadow();
        Spending spending = new Spending(came);
        terms.times().by(lease.model().name(), lease.model().version());
        Comparison comparison = shadow == null ? null : new Comparison(shadow);
        CompletableFuture<T> answer;
        try {
            ServedModel model = lease.model();
            BatchingSettings batching = lease.batching();
            Terms usual = terms.of(batching, came);
            scheduler.requireRoom(model, batching, usual);
            Callable<Reading<T>> decode = () -> {
                long begun = spending.decoding();
                hold.grow(decodedBytes(terms));
                Reading<T> reading = decoding.with(model, usual);
                admission.rows(reading.terms, reading.request.rows());
                hold.become(InputRows.bytes(reading.request.inputs()) + reading.answerBytes);
                spending.decoded(begun, reading.request.rows());
                return reading;
            };
            CompletableFuture<Reading<T>> decoded = here ? now(decode) : decoders.submit(usual, decode);
            answer = decoded.thenCompose(reading -> scheduler
                    .submit(model, batching, reading.request, spending.on(reading.terms))
                    .thenApply(outputs -> {
                        if (comparison != null) {
                            comparison.computed(outputs.values());
                        }
                        long computed = System.nanoTime();
                        T said = reading.answer.apply(outputs);
                        spending.answered(computed);
                        return said;
                    }));
        } catch (RuntimeException e) {
            lease.ended(e);
            told(terms).answered(lease.model(), spending.ended(), e);
            lease.close();
            hold.close();
            if (shadow != null) {
                shadow.close();
            }
            throw e;
        }
        return answer.whenComplete((value, error) -> {
            lease.ended(error);
            told(terms).answered(lease.model(), spending.ended(), error);
            lease.close();
            hold.close();
            if (comparison != null && shadow != null) {
                comparison.ended(error, terms, patient -> quietly(shadow.model(), lease.batching(), patient, decoding));
            }
        });
    }

    private Activity told(Terms terms) {
        return terms.isCounted() ? activity : Activity.NONE;
    }

    /** Decodes for another version and computes, for nobody who waits. */
    private <T> CompletableFuture<List<float[]>> quietly(
            ServedModel model, BatchingSettings batching, Terms terms, Decoding<T> decoding) {
        scheduler.requireRoom(model, batching, terms);
        return decoders.submit(terms, () -> decoding.with(model, terms))
                .thenCompose(reading -> scheduler.submit(model, batching, reading.request, terms))
                .thenApply(RowOutputs::values);
    }

    private static <T> CompletableFuture<T> now(Callable<T> work) {
        try {
            return CompletableFuture.completedFuture(work.call());
        } catch (Exception e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** What decoding takes at most; a body that may take a little more than there is for all is decoded alone. */
    private long decodedBytes(Terms terms) {
        long most = Math.max(0, terms.bytes()) * DECODED_PER_BYTE;
        return most <= values.total() * 3 / 2 ? Math.min(most, values.total()) : most;
    }

    private void watch(long stuckNanos) {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(WATCH_MILLIS);
                look(System.nanoTime(), stuckNanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the end
        }
    }

    private void look(long now, long stuckNanos) {
        try {
            scheduler.watch(now);
            decoders.watch(now, stuckNanos);
            watched.forEach(task -> task.accept(now));
        } catch (RuntimeException e) { // the next look comes; without it a thread that is stuck would go unseen
            LOG.error("a look after what is computed failed", e);
        }
    }
}
