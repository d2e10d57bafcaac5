package dev.jumbo.serve.access;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.jumbo.serve.http.Errors;
import dev.jumbo.serve.http.HttpException;
import dev.jumbo.serve.http.Responses;
import dev.jumbo.serve.wire.Refusal;
import io.netty.util.AsciiString;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stands before every route, whatever the protocol, and reads headers alone: for whom the request is ({@link Sites}), who sends it
 * ({@link Tokens}, {@link WrongTokens}), whether it may do that ({@link Rights}) and has something left to do it with ({@link
 * Quotas}).
 */
final class Guard implements DecoratingHttpServiceFunction {
    /** By which a body is read, or its time counted. */
    private static final List<AsciiString> ONCE = List.of(
            HttpHeaderNames.CONTENT_TYPE,
            HttpHeaderNames.of("inference-header-content-length"),
            HttpHeaderNames.of("timeout"));

    private final Access access;

    Guard(Access access) {
        this.access = access;
    }

    @Override
    public HttpResponse serve(HttpService next, ServiceRequestContext ctx, HttpRequest request) throws Exception {
        Runnable done;
        try {
            done = admit(ctx, request);
        } catch (HttpException e) {
            return Responses.refusal(request.headers(), e);
        } catch (Refusal e) {
            return Responses.refusal(request.headers(), e);
        }
        var unused = ctx.log().whenComplete().thenAccept(log -> done.run());
        return next.serve(ctx, request);
    }

    private Runnable admit(ServiceRequestContext ctx, HttpRequest request) {
        if (access.isSelf(request.headers().getAll(HttpHeaderNames.AUTHORIZATION))
                && Rights.of(ctx).need() == Rights.Need.INFER) {
            Errors.rehearses(ctx);
            Caller.SELF.setFor(ctx); // under whatever name it is served, and without a quota
            return () -> {};
        }
        InetSocketAddress peer = ctx.remoteAddress();
        boolean trusted = access.proxies().contains(peer.getAddress());
        access.sites()
                .check(request.headers(), ctx.query(), ctx.sessionProtocol().isTls(), trusted);
        requireOne(request);
        Rights.Declared route = Rights.of(ctx);
        if (route.need() == Rights.Need.NOTHING) {
            return () -> {};
        }
        if (route.need() == Rights.Need.MODEL) {
            identify(ctx, request);
            return () -> {};
        }
        Caller caller = caller(ctx, request.headers().getAll(HttpHeaderNames.AUTHORIZATION));
        caller.setFor(ctx); // also where it is refused, for the log
        if (!route.need().isMetBy(caller.scopes())) {
            throw new Refusal(
                    Refusal.Reason.FORBIDDEN,
                    "expected a token with the scope " + route.need().scope() + ", which this one has not");
        }
        requirePort(ctx, route);
        String model = ctx.pathParam("model");
        if (model != null) {
            caller.requireModel(model);
        }
        return route.need() == Rights.Need.INFER ? access.quotas().admit(caller) : () -> {};
    }

    /** Headers by which a body is read say one thing, or a proxy could see another request than the server does. */
    private static void requireOne(HttpRequest request) {
        for (AsciiString name : ONCE) {
            Set<String> values = new HashSet<>(request.headers().getAll(name));
            if (values.size() > 1) {
                throw new HttpException(
                        HttpStatus.BAD_REQUEST, "expected one header " + name + ", received " + values.size());
            }
        }
    }

    /** Notes who asks, if it is known: nobody is refused here, and wrong tokens are counted all the same. */
    private void identify(ServiceRequestContext ctx, HttpRequest request) {
        try {
            caller(ctx, request.headers().getAll(HttpHeaderNames.AUTHORIZATION)).setFor(ctx);
        } catch (HttpException | Refusal e) {
            // Nobody, who may ask about the server as a whole.
        }
    }

    /** What changes a server is answered on its admin port; without one, where only this machine can ask. */
    private void requirePort(ServiceRequestContext ctx, Rights.Declared route) {
        boolean onAdminPort = ctx.localAddress().getPort() == access.adminPort();
        if (route.adminPort() && !onAdminPort && !(access.isLoopback() && !access.hasAdminPort())) {
            throw new Refusal(
                    Refusal.Reason.FORBIDDEN,
                    "this is answered on the server's admin port alone, which serve.admin_port opens");
        }
        if (onAdminPort && route.need() == Rights.Need.INFER) {
            throw new Refusal(
                    Refusal.Reason.FORBIDDEN, "models answer on the server's own port, not on its admin port");
        }
    }

    /** Who sends a request. @throws Refusal UNAUTHENTICATED, or QUOTA after too many wrong tokens */
    private Caller caller(ServiceRequestContext ctx, List<String> headers) {
        Tokens tokens = access.tokens();
        if (tokens.isEmpty()) {
            return Caller.at(
                    ctx.clientAddress().getHostAddress(), access.config().quota());
        }
        if (headers.isEmpty()) {
            throw unauthenticated("expected the header Authorization: Bearer TOKEN, received none");
        }
        if (headers.size() > 1) {
            throw new HttpException(
                    HttpStatus.BAD_REQUEST, "expected one header Authorization, received " + headers.size());
        }
        @Nullable Caller caller = tokens.identify(headers.get(0));
        Duration wait = access.wrongTokens().note(ctx.clientAddress(), caller);
        if (!wait.isZero()) {
            throw new Refusal(Refusal.Reason.QUOTA, "too many wrong tokens from this address; try again later", wait);
        }
        if (caller == null) {
            throw unauthenticated("expected the header Authorization: Bearer TOKEN with a token of this server");
        }
        return caller;
    }

    private static Refusal unauthenticated(String message) {
        return new Refusal(Refusal.Reason.UNAUTHENTICATED, message);
    }
}
