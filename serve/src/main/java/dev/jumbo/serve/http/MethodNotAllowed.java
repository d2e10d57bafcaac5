package dev.jumbo.serve.http;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Answers methods that a path does not have: OPTIONS with those that it has, any other with 405. */
public final class MethodNotAllowed implements HttpService {
    private final String allow;

    MethodNotAllowed(Set<HttpMethod> allowed) {
        Set<HttpMethod> named = EnumSet.copyOf(allowed);
        named.add(HttpMethod.OPTIONS);
        allow = named.stream().map(HttpMethod::name).sorted().collect(Collectors.joining(", "));
    }

    @Override
    public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
        if (request.method() == HttpMethod.OPTIONS) {
            return HttpResponse.of(ResponseHeaders.of(HttpStatus.NO_CONTENT, HttpHeaderNames.ALLOW, allow));
        }
        return Responses.error(
                        HttpStatus.METHOD_NOT_ALLOWED,
                        "method not allowed: expected one of " + allow + ", received " + request.method())
                .mapHeaders(headers -> headers.withMutations(h -> h.set(HttpHeaderNames.ALLOW, allow)));
    }
}
