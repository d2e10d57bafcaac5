package dev.jumbo.serve.http;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.jumbo.serve.limits.MemoryBudget;
import dev.jumbo.serve.wire.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.zip.ZipException;

/**
 * Unpacks bodies with a {@code Content-Encoding} of gzip or deflate (RFC 9110, 8.4.1) before a service sees them; any other is 415. What
 * comes out is at most as long as a body may be, or the request is 413: reading stops there, so a bomb of any ratio costs one body. The
 * packed body and what comes out of it count among all bodies as they grow ({@link Bodies}); where there is no room the request is 503. A few
 * threads unpack, off the event loop, so that small requests can't make many large bodies at once; more than {@value #WAITING} waiting are
 * 503. Messages of gRPC are packed in their own way and pass.
 */
public final class Unpacked implements DecoratingHttpServiceFunction {
    private static final int THREADS = 2;
    private static final int WAITING = 256;
    private static final int CHUNK = 1 << 16;

    private final Bodies bodies;
    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(THREADS, THREADS, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING), task -> {
                Thread thread = new Thread(task, "jumbo-unpack");
                thread.setDaemon(true);
                return thread;
            });

    /** @param bodies where they are counted */
    public Unpacked(Bodies bodies) {
        this.bodies = bodies;
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public HttpResponse serve(HttpService next, ServiceRequestContext ctx, HttpRequest request) throws Exception {
        List<String> codings = request.headers().getAll(HttpHeaderNames.CONTENT_ENCODING);
        if (codings.isEmpty()) {
            return next.serve(ctx, request);
        }
        String coding = codings.size() == 1 ? codings.get(0).strip().toLowerCase(Locale.ROOT) : "several";
        return switch (coding) {
            case "identity", "" -> next.serve(ctx, request);
            case "gzip", "x-gzip", "deflate" -> {
                long limit = ctx.maxRequestLength();
                yield HttpResponse.of(bodies.read(ctx, request)
                        .thenApplyAsync(packed -> unpack(packed, coding, limit, bodies.unpacked(ctx)), this::execute)
                        .thenApplyAsync(
                                whole -> {
                                    ctx.updateRequest(whole);
                                    try {
                                        return next.serve(ctx, whole);
                                    } catch (Exception e) {
                                        return HttpResponse.ofFailure(e);
                                    }
                                },
                                ctx.eventLoop()));
            }
            default -> {
                HttpResponse refused = Responses.refusal(
                        request.headers(),
                        new HttpException(
                                HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                                "expected a Content-Encoding of gzip, deflate or none, received "
                                        + BodyType.shown(coding)));
                // RFC 9110, 12.5.3: with 415, what would have been taken.
                yield refused.mapHeaders(headers -> headers.toBuilder()
                        .set(HttpHeaderNames.ACCEPT_ENCODING, "gzip, deflate")
                        .build());
            }
        };
    }

    private void execute(Runnable task) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            throw new Refusal(Refusal.Reason.UNAVAILABLE, "too many packed bodies at once; try again later");
        }
    }

    private static HttpRequest unpack(AggregatedHttpRequest packed, String coding, long limit, MemoryBudget.Hold hold) {
        byte[] body;
        try {
            body = bytes(packed.content(), coding, limit, hold::grow);
        } catch (RuntimeException e) {
            hold.close(); // what came out of it is gone before the answer is sent
            throw e;
        }
        RequestHeaders headers = packed.headers().toBuilder()
                .set(HttpHeaderNames.CONTENT_ENCODING, "identity")
                .contentLength(body.length)
                .build();
        return HttpRequest.of(headers, HttpData.wrap(body));
    }

    /**
     * @param grows told of what comes out before it is kept; may throw
     * @throws HttpException 413 if it is too long, 400 if it is not what the header says
     */
    static byte[] bytes(HttpData packed, String coding, long limit, LongConsumer grows) {
        var out = new ByteArrayOutputStream();
        try (InputStream in = Zipped.open(packed, coding)) {
            byte[] chunk = new byte[CHUNK];
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                if (limit > 0 && out.size() + read > limit) {
                    throw new HttpException(
                            HttpStatus.REQUEST_ENTITY_TOO_LARGE,
                            "expected a body of at most " + limit + " bytes when it is unpacked, received more");
                }
                grows.accept(read);
                out.write(chunk, 0, read);
            }
        } catch (ZipException | EOFException e) {
            throw new HttpException(
                    HttpStatus.BAD_REQUEST,
                    "expected a whole body packed by " + coding
                            + " and nothing behind it, as Content-Encoding says, received another");
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory does no input", e);
        }
        return out.toByteArray();
    }
}
