package dev.jumbo.serve.grpc;

import com.linecorp.armeria.server.ServiceRequestContext;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.grpc.proto.ModelRepositoryParameter;
import dev.jumbo.serve.grpc.proto.RepositoryIndexRequest;
import dev.jumbo.serve.grpc.proto.RepositoryIndexResponse;
import dev.jumbo.serve.grpc.proto.RepositoryModelLoadRequest;
import dev.jumbo.serve.grpc.proto.RepositoryModelLoadResponse;
import dev.jumbo.serve.grpc.proto.RepositoryModelUnloadRequest;
import dev.jumbo.serve.grpc.proto.RepositoryModelUnloadResponse;
import dev.jumbo.serve.repository.IndexEntry;
import dev.jumbo.serve.repository.ModelControl;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The repository extension of V2 over gRPC: what an operator asks. */
final class RepositoryCalls {
    private final ModelControl control;

    RepositoryCalls(ModelControl control) {
        this.control = control;
    }

    RepositoryIndexResponse index(RepositoryIndexRequest request) {
        requireOnly(request.getRepositoryName());
        RepositoryIndexResponse.Builder index = RepositoryIndexResponse.newBuilder();
        for (IndexEntry entry : control.index(request.getReady())) {
            index.addModelsBuilder()
                    .setName(entry.model())
                    .setVersion(entry.version())
                    .setState(entry.state().protocolName())
                    .setReason(entry.reason());
        }
        return index.build();
    }

    CompletableFuture<RepositoryModelLoadResponse> load(RepositoryModelLoadRequest request) {
        requireOnly(request.getRepositoryName());
        return onDisk(() -> control.load(request.getModelName(), request.getParametersMap()))
                .thenApply(done -> RepositoryModelLoadResponse.getDefaultInstance());
    }

    CompletableFuture<RepositoryModelUnloadResponse> unload(RepositoryModelUnloadRequest request) {
        requireOnly(request.getRepositoryName());
        boolean dependents = dependents(request.getParametersMap());
        return onDisk(() -> {
                    control.unload(request.getModelName(), dependents);
                    return CompletableFuture.completedFuture(null);
                })
                .thenApply(done -> RepositoryModelUnloadResponse.getDefaultInstance());
    }

    /** On a thread that may wait for a disk, for as long as loading takes. */
    private static CompletableFuture<?> onDisk(Supplier<CompletableFuture<?>> work) {
        ServiceRequestContext ctx = ServiceRequestContext.current();
        Streams.keepOpen(ctx);
        return CompletableFuture.supplyAsync(work, ctx.blockingTaskExecutor()).thenCompose(answer -> answer);
    }

    private static boolean dependents(Map<String, ModelRepositoryParameter> parameters) {
        String known = "unload_dependents";
        for (Map.Entry<String, ModelRepositoryParameter> each : parameters.entrySet()) {
            if (!each.getKey().equals(known) || !each.getValue().hasBoolParam()) {
                throw new InputException("expected no parameter but " + known + ", true or false, received another");
            }
        }
        return parameters.containsKey(known) && parameters.get(known).getBoolParam();
    }

    private static void requireOnly(String repository) {
        if (!repository.isEmpty()) {
            throw new InputException("expected no repository_name: there is one repository, received a name");
        }
    }
}
