package dev.jumbo.serve.http;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ShuttingDownException;
import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.common.stream.ClosedStreamException;
import com.linecorp.armeria.common.util.Exceptions;
import com.linecorp.armeria.server.HttpResponseException;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.wire.Refusal;
import io.grpc.StatusRuntimeException;
import io.netty.util.AttributeKey;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every error as {@code {"error": "..."}}. The caller's mistakes are told as they are; anything else is logged under
 * an id, and only the id is sent: no paths, no classes, no stack traces.
 */
public final class Errors implements ServerErrorHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Errors.class);
    private static final AttributeKey<String> ERROR = AttributeKey.valueOf(Errors.class, "error");
    private static final AttributeKey<Boolean> REHEARSAL = AttributeKey.valueOf(Errors.class, "rehearsal");
    private static final SecureRandom IDS = new SecureRandom();

    @Override
    public HttpResponse onServiceException(ServiceRequestContext ctx, Throwable cause) {
        Throwable peeled = told(Exceptions.peel(cause));
        if (peeled instanceof HttpException e) {
            LOG.info("{} {}: {} {}", ctx.method(), shown(ctx.path()), e.status().code(), e.getMessage());
            return Responses.error(e.status(), String.valueOf(e.getMessage()));
        }
        if (peeled instanceof Refusal e) {
            HttpStatus status = Responses.status(e.reason());
            // Not louder: when a server is full there are thousands a second, and metrics count them.
            LOG.debug("{} {}: {} {}", ctx.method(), shown(ctx.path()), status.code(), e.getMessage());
            if (e.still() != null) {
                RefusedAgain.refused(ctx, String.valueOf(e.getMessage()), e.still());
            }
            return Responses.error(status, String.valueOf(e.getMessage()), e.retryAfter());
        }
        if (peeled instanceof InputException e) {
            LOG.debug("{} {}: 400 {}", ctx.method(), shown(ctx.path()), e.getMessage());
            return Responses.error(HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
        if (peeled instanceof ContentTooLargeException) {
            HttpStatus status = HttpStatus.REQUEST_ENTITY_TOO_LARGE;
            return Responses.error(status, message(status, ctx.maxRequestLength()));
        }
        if (peeled instanceof RequestTimeoutException) {
            boolean received = ctx.log().isAvailable(RequestLogProperty.REQUEST_END_TIME);
            return received
                    ? Responses.error(HttpStatus.SERVICE_UNAVAILABLE, "no answer in time; try again later")
                    : Responses.error(HttpStatus.REQUEST_TIMEOUT, "the body did not arrive in time");
        }
        if (peeled instanceof ClosedStreamException || peeled instanceof CancellationException) {
            // Whoever asked has gone; a thousand resets a second must not become a thousand stack traces.
            LOG.debug("{} {}: the caller has gone", ctx.method(), shown(ctx.path()));
            return Responses.error(HttpStatus.CLIENT_CLOSED_REQUEST, "the caller has gone");
        }
        if (peeled instanceof StatusRuntimeException e) {
            // What gRPC has answered, and logged where it was unexpected.
            LOG.debug(
                    "{} {}: {}", ctx.method(), shown(ctx.path()), e.getStatus().getCode());
            return Responses.error(HttpStatus.INTERNAL_SERVER_ERROR, "the call failed");
        }
        if (peeled instanceof HttpResponseException e) {
            return e.httpResponse();
        }
        if (peeled instanceof HttpStatusException e) {
            LOG.info("{} {}: {}", ctx.method(), shown(ctx.path()), e.httpStatus());
            return Responses.error(e.httpStatus(), message(e.httpStatus(), ctx.maxRequestLength()));
        }
        return Responses.error(
                HttpStatus.INTERNAL_SERVER_ERROR, internal(ctx.method() + " " + shown(ctx.path()), peeled));
    }

    /** What the caller may know of the end of the server; anything else stays what it is. */
    public static Throwable told(Throwable cause) {
        return cause instanceof ShuttingDownException
                ? new Refusal(Refusal.Reason.UNAVAILABLE, "the server is stopping; ask another one")
                : cause;
    }

    /** Marks a request of the server to itself: a made-up body that a model does not take is no error of anybody's. */
    public static void rehearses(ServiceRequestContext ctx) {
        ctx.setAttr(REHEARSAL, true);
    }

    /** Logs what the caller must not see, and gives the text to send: an id to find it by. @param call what was asked */
    public static String internal(String call, Throwable cause) {
        byte[] id = new byte[8];
        IDS.nextBytes(id);
        String error = HexFormat.of().formatHex(id);
        ServiceRequestContext ctx = ServiceRequestContext.currentOrNull();
        if (ctx != null && ctx.attr(REHEARSAL) != null) {
            LOG.debug("{}: a body of the warm-up was refused", call, cause);
            return "internal error " + error;
        }
        if (ctx != null) {
            ctx.setAttr(ERROR, error);
        }
        LOG.error("error {} of {}", error, call, cause);
        return "internal error " + error;
    }

    /** The id of the internal error that a request met; {@code -} if it met none. */
    public static String id(ServiceRequestContext ctx) {
        String error = ctx.attr(ERROR);
        return error == null ? "-" : error;
    }

    @Override
    public AggregatedHttpResponse renderStatus(
            @Nullable ServiceRequestContext ctx,
            ServiceConfig config,
            @Nullable RequestHeaders headers,
            HttpStatus status,
            @Nullable String description,
            @Nullable Throwable cause) {
        if (ctx != null) {
            LOG.info("{} {}: {}", ctx.method(), shown(ctx.path()), status);
        }
        String message = message(status, config.maxRequestLength());
        if (headers != null && GrpcStatusText.isAsked(headers)) {
            return AggregatedHttpResponse.of(GrpcStatusText.headers(status, message));
        }
        return AggregatedHttpResponse.of(
                Responses.headers(status, MediaType.JSON), HttpData.wrap(Responses.errorBody(message)));
    }

    /** A path for a line of the log: short, and without control characters. */
    private static String shown(String path) {
        String clean = path.replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= 200 ? clean : clean.substring(0, 200) + "...";
    }

    /** The server notices a long body in several places, some of which know the status alone. */
    private static String message(HttpStatus status, long limit) {
        if (status.equals(HttpStatus.REQUEST_ENTITY_TOO_LARGE)) {
            return "expected a body of at most " + limit + " bytes, received more";
        }
        if (status.equals(HttpStatus.NOT_FOUND)) {
            return "no such path; see GET /v2 and GET /v2/models/{model}";
        }
        return status.reasonPhrase().toLowerCase(Locale.ROOT);
    }
}
