package dev.jumbo.serve.grpc;

import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestContext;
import com.linecorp.armeria.common.grpc.GrpcExceptionHandlerFunction;
import com.linecorp.armeria.common.stream.ClosedStreamException;
import com.linecorp.armeria.common.util.Exceptions;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.RequestTimeoutException;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.http.Errors;
import dev.jumbo.serve.wire.Refusal;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.CancellationException;

/**
 * Why a call was not answered, in gRPC's words: the text is the one of REST. A refusal that passes says in {@code grpc-retry-pushback-ms}
 * when it is worth asking again.
 */
final class GrpcErrors implements GrpcExceptionHandlerFunction {
    private static final Metadata.Key<String> RETRY =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    /** Clients take at most 8 KB of headers, and a message is one. */
    private static final int MAX_LENGTH = 1024;

    @Override
    public Status apply(RequestContext ctx, Status status, Throwable cause, Metadata trailers) {
        Throwable peeled = Errors.told(Exceptions.peel(cause));
        if (peeled instanceof Refusal refusal) {
            boolean passes = refusal.reason() == Refusal.Reason.UNAVAILABLE || refusal.reason() == Refusal.Reason.QUOTA;
            if (passes) {
                trailers.put(RETRY, Long.toString(refusal.retryAfter().toMillis()));
            }
            return code(refusal.reason()).withDescription(text(refusal));
        }
        if (peeled instanceof RequestTimeoutException) {
            return Status.DEADLINE_EXCEEDED.withDescription("no answer in time; try again later");
        }
        if (peeled instanceof ClosedStreamException || peeled instanceof CancellationException) {
            return Status.CANCELLED;
        }
        if (peeled instanceof ContentTooLargeException
                || peeled instanceof HttpStatusException http
                        && http.httpStatus().equals(HttpStatus.REQUEST_ENTITY_TOO_LARGE)) {
            return Status.RESOURCE_EXHAUSTED.withDescription("the message is longer than the server takes");
        }
        if (peeled instanceof InputException) {
            return Status.INVALID_ARGUMENT.withDescription(text(peeled));
        }
        if (status.getCode() == Status.Code.RESOURCE_EXHAUSTED) {
            return Status.RESOURCE_EXHAUSTED.withDescription("the message is longer than the server takes");
        }
        if (isOfFraming(peeled)) {
            return Status.INVALID_ARGUMENT.withDescription(
                    "expected whole messages, packed as grpc-encoding says or not at all, received other bytes");
        }
        // What gRPC itself found: a deadline, a message that is too long or broken, a call that was cancelled.
        if (status.getCode() != Status.Code.UNKNOWN && status.getCode() != Status.Code.INTERNAL) {
            return status.withCause(null);
        }
        if (status.getCode() == Status.Code.INTERNAL
                && status.getDescription() != null
                && peeled == status.getCause()) {
            return Status.INVALID_ARGUMENT.withDescription("expected a message of this service, received other bytes");
        }
        return Status.INTERNAL.withDescription(Errors.internal(ctx.method() + " " + ctx.path(), peeled));
    }

    /** Whether it is the library's word on how a body is split into messages: lengths that lie, a wrong packing, an end within one. */
    private static boolean isOfFraming(Throwable error) {
        for (StackTraceElement each : error.getStackTrace()) {
            if (each.getClassName().startsWith("dev.jumbo.")) {
                return false;
            }
            if (each.getClassName().endsWith("MessageDeframer")) {
                return true;
            }
        }
        return false;
    }

    private static String text(Throwable error) {
        String text = String.valueOf(error.getMessage());
        return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "...";
    }

    private static Status code(Refusal.Reason reason) {
        return switch (reason) {
            case NOT_FOUND -> Status.NOT_FOUND;
            case UNAUTHENTICATED -> Status.UNAUTHENTICATED;
            case FORBIDDEN -> Status.PERMISSION_DENIED;
            case QUOTA, TOO_LARGE -> Status.RESOURCE_EXHAUSTED;
            case UNAVAILABLE -> Status.UNAVAILABLE;
            case DEADLINE -> Status.DEADLINE_EXCEEDED;
            case CONFLICT -> Status.ABORTED;
            case UNSUPPORTED -> Status.UNIMPLEMENTED;
        };
    }

    /** What is wrong, without asking gRPC: for streams, which go on. */
    static String message(Throwable error, String call) {
        Throwable peeled = Exceptions.peel(error);
        if (peeled instanceof CancellationException) {
            return String.valueOf(peeled.getMessage());
        }
        return peeled instanceof Refusal || peeled instanceof InputException
                ? text(peeled)
                : Errors.internal(call, peeled);
    }
}
