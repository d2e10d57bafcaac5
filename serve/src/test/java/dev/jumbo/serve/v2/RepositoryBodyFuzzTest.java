package dev.jumbo.serve.v2;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.serve.fuzz.AnyBytes;
import dev.jumbo.serve.http.Bodies;
import dev.jumbo.serve.http.Route;
import dev.jumbo.serve.limits.MemoryBudget;
import dev.jumbo.serve.repository.IndexEntry;
import dev.jumbo.serve.repository.ModelControl;
import dev.jumbo.serve.repository.ModelFigures;
import dev.jumbo.serve.repository.settings.CanarySettings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Bodies of an operator's calls. The first letter chooses the call. */
class RepositoryBodyFuzzTest {
    private static final List<Route> ROUTES =
            new RepositoryService(new Nothing(), new Bodies(new MemoryBudget("bodies", 1 << 24), 0)).routes();

    @Fuzzed
    void call(byte[] data) {
        Route route = ROUTES.get((data.length == 0 ? 0 : data[0] & 0xff) % ROUTES.size());
        byte[] body = Arrays.copyOfRange(data, Math.min(1, data.length), data.length);
        HttpRequest request = HttpRequest.of(HttpMethod.POST, "/v2/repository", MediaType.JSON, body);
        ServiceRequestContext ctx = ServiceRequestContext.of(request);
        AnyBytes.read(data, () -> answer(route, ctx, request));
    }

    private static AggregatedHttpResponse answer(Route route, ServiceRequestContext ctx, HttpRequest request)
            throws Exception {
        try {
            return route.service().serve(ctx, request).aggregate().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** A repository to which anything may be done. */
    private static final class Nothing implements ModelControl {
        @Override
        public List<IndexEntry> index(boolean readyOnly) {
            return List.of();
        }

        @Override
        public List<ModelFigures> figures() {
            return List.of();
        }

        @Override
        public CompletableFuture<Void> load(String model, Map<String, ?> parameters) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void unload(String model, boolean dependents) {}

        @Override
        public void canary(String model, CanarySettings canary) {}

        @Override
        public void promote(String model) {}

        @Override
        public void rollBack(String model) {}
    }
}
