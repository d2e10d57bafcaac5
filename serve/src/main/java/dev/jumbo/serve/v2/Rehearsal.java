package dev.jumbo.serve.v2;

import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.image.Images;
import dev.jumbo.data.table.encode.RowReader;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.repository.Lease;
import dev.jumbo.serve.repository.ServedModels;
import dev.jumbo.serve.schedule.Inference;
import dev.jumbo.serve.schedule.Terms;
import dev.jumbo.serve.wire.Datatype;
import dev.jumbo.serve.wire.InferReader;
import dev.jumbo.serve.wire.Refusal;
import dev.jumbo.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests of a server to itself before it says that it is ready: bodies of each kind that a model takes, from their bytes to those of the
 * answer, alone and many at once. Java compiles what is called often, kernels choose their ways and buffers are made before somebody waits
 * for it.
 */
public final class Rehearsal {
    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);
    private static final int[] TOGETHER = {1, 1, 1, 4, 16, 64};
    private static final int STEPS = 8;
    private static final int CONNECTION_CALLS = 2000;

    /** How many times the usual time a warm-up may take. */
    private static final int MOST = 3;

    /** Of a processor, what the compilers may still take. */
    private static final double LITTLE = 0.1;

    /** Numbers as callers write them: digits before and behind the point are read by other code than a 0. */
    private static final String[] NUMBERS = {"17.25", "-0.8125", "203", "0", "1.5e-3", "0.33333334"};

    private final Inference inference;
    private final Duration each;

    /** @param each for one model; three times that where Java has not compiled by then what they bring about */
    public Rehearsal(Inference inference, Duration each) {
        this.inference = inference;
        this.each = each;
    }

    /** Warms every model up that answers. @param port where HTTP is spoken without TLS, or 0 */
    public void run(ServedModels models, int port) {
        long most = System.nanoTime()
                + MOST * each.toNanos() * Math.max(1, models.names().size());
        long turn = each.toNanos();
        double compiling;
        do {
            long begin = System.nanoTime();
            long compiled = compiledMillis();
            for (String name : models.names()) {
                try (Lease lease = models.lease(name, null)) {
                    warm(lease.model(), System.nanoTime() + turn);
                } catch (Refusal e) {
                    LOG.debug("{} is not warmed up: {}", name, e.getMessage());
                }
            }
            if (port > 0) {
                connections(port, System.nanoTime() + turn / 2);
            }
            // On one processor the compiler takes its time from the requests: ready is when it has little left to do.
            compiling = (compiledMillis() - compiled) * 1e6 / Math.max(1, System.nanoTime() - begin);
            turn = Math.max(1, each.toNanos() / 4);
        } while (compiling > LITTLE && System.nanoTime() < most);
    }

    /** Milliseconds that Java's compilers have worked so far, all threads together; 0 where it does not say. */
    private static long compiledMillis() {
        CompilationMXBean compilation = ManagementFactory.getCompilationMXBean();
        return compilation != null && compilation.isCompilationTimeMonitoringSupported()
                ? compilation.getTotalCompilationTime()
                : 0;
    }

    private void warm(ServedModel model, long end) {
        List<Supplier<CompletableFuture<?>>> calls = calls(model);
        for (int round = 0; System.nanoTime() < end && !calls.isEmpty(); round++) {
            int together = TOGETHER[round % TOGETHER.length];
            for (Supplier<CompletableFuture<?>> call : List.copyOf(calls)) {
                List<CompletableFuture<?>> asked = new ArrayList<>();
                try {
                    for (int i = 0; i < together; i++) {
                        asked.add(call.get());
                    }
                    asked.forEach(CompletableFuture::join);
                } catch (CompletionException | InputException | Refusal e) {
                    // A made-up body need not be one that the model takes.
                    LOG.debug("{}: a body of the warm-up was refused: {}", model.name(), e.getMessage());
                    calls.remove(call);
                }
            }
        }
    }

    private List<Supplier<CompletableFuture<?>>> calls(ServedModel model) {
        List<Supplier<CompletableFuture<?>>> calls = new ArrayList<>();
        RowReader table = model.predictor().rows();
        if (table != null) {
            String nulls = table.columns().stream()
                    .map(column -> "\"" + column.replace("\\", "\\\\").replace("\"", "\\\"") + "\":null")
                    .reduce((a, b) -> a + "," + b)
                    .orElse("");
            predict(calls, model, bytes("{" + nulls + "}"), true);
            predict(calls, model, bytes("{" + nulls.replace("null", "0") + "}"), true);
            return calls;
        }
        StringBuilder json = new StringBuilder();
        StringBuilder heads = new StringBuilder();
        int binary = 0;
        for (Field field : model.inputs()) {
            long[] shape = shape(field);
            int values = Math.toIntExact(Shape.of(shape).elements());
            Datatype type = field.isBytes() ? Datatype.BYTES : Datatype.of(field.dtype());
            String head = "{\"name\":\"" + field.name() + "\",\"datatype\":\"" + type + "\",\"shape\":"
                    + Arrays.toString(shape);
            json.append(json.isEmpty() ? "" : ",").append(head).append(",\"data\":[");
            for (int i = 0; i < values; i++) {
                json.append(i == 0 ? "" : ",");
                json.append(field.isBytes() ? "\"YQ==\"" : type.isFloating() ? NUMBERS[i % NUMBERS.length] : "0");
            }
            json.append("]}");
            int size = values * (field.isBytes() ? 4 : type.bytes());
            binary += size;
            heads.append(heads.isEmpty() ? "" : ",").append(head);
            heads.append(",\"parameters\":{\"binary_data_size\":").append(size).append("}}");
        }
        infer(calls, model, bytes("{\"inputs\":[" + json + "]}"), null);
        byte[] head = bytes("{\"inputs\":[" + heads + "],\"parameters\":{\"binary_data_output\":true}}");
        infer(calls, model, Arrays.copyOf(head, head.length + binary), Integer.toString(head.length));
        Field first = model.inputs().get(0);
        if (model.inputs().size() == 1 && isPicture(first)) {
            predict(calls, model, Images.png(new float[first.elements()], first.shape()), false);
        }
        if (model.inputs().size() == 1 && first.meaning() instanceof Meaning.Text) {
            predict(calls, model, bytes("{\"" + first.name() + "\":\"a text\"}"), true);
        }
        return calls;
    }

    private static boolean isPicture(Field field) {
        return !field.isBytes()
                && field.shape().rank() == 3
                && (field.shape().size(0) == 1 || field.shape().size(0) == 3);
    }

    /** Of one example. */
    private static long[] shape(Field field) {
        if (field.isBytes()) {
            return new long[] {1};
        }
        long[] shape = field.shape().prepend(1).toArray();
        if (field.isRagged()) {
            shape[1] = Math.min(shape[1], STEPS);
        }
        return shape;
    }

    private void infer(
            List<Supplier<CompletableFuture<?>>> calls, ServedModel model, byte[] body, @Nullable String jsonLength) {
        calls.add(() -> inference
                .infer(
                        model.name(),
                        model.version(),
                        () -> InferReader.read(model.name(), body, jsonLength),
                        terms(body))
                .thenApplyAsync(InferWriter::write));
    }

    private void predict(List<Supplier<CompletableFuture<?>>> calls, ServedModel model, byte[] body, boolean json) {
        calls.add(() -> inference
                .predict(model.name(), model.version(), body, json, terms(body))
                .thenApplyAsync(Predictions::write));
    }

    private static Terms terms(byte[] body) {
        return new Terms("warm-up", System.nanoTime() + TimeUnit.SECONDS.toNanos(30), () -> false)
                .withBytes(body.length);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The way of a request through connections, headers and the guard; what is asked for is not there. */
    private static void connections(int port, long end) {
        String body = "{\"inputs\":[]}";
        byte[] request =
                bytes("POST /v2/models/-/infer HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: " + body.length() + "\r\n\r\n" + body);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(5000);
            InputStream in = socket.getInputStream();
            byte[] answer = new byte[1 << 14];
            for (int i = 0; i < CONNECTION_CALLS && System.nanoTime() < end; i++) {
                socket.getOutputStream().write(request);
                if (in.read(answer) < 0) { // an answer is one segment
                    return;
                }
            }
        } catch (IOException e) {
            LOG.debug("connections are not warmed up: {}", e.getMessage());
        }
    }
}
