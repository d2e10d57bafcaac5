package dev.jumbo.serve.schedule;

import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.repository.Lease;
import dev.jumbo.serve.repository.ServedModels;
import dev.jumbo.serve.wire.InferAnswer;
import dev.jumbo.serve.wire.InferRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** From a request to its answer, for every protocol: nothing computes but by these calls. */
public final class Inference {
    private final ServedModels models;
    private final ComputePool pool;

    public Inference(ServedModels models, ComputePool pool) {
        this.models = models;
        this.pool = pool;
    }

    /**
     * Answers an infer request.
     *
     * @param version null for the one that answers where none is named
     * @param body decodes the request; it runs on a compute thread, since it may take long
     * @return fails with a {@link dev.jumbo.serve.wire.Refusal} or an {@link InputException}
     */
    public CompletableFuture<InferAnswer> infer(
            String model, @Nullable String version, Callable<InferRequest> body, Terms terms) {
        return leased(model, version, terms, served -> {
            InferRequest request = body.call();
            ServedModel.Request read = served.read(request);
            List<InferRequest.Output> wanted = select(served, request);
            List<float[]> values = served.infer(read);
            List<String> names = served.outputs().stream().map(Field::name).toList();
            List<InferAnswer.Output> outputs = new ArrayList<>();
            for (InferRequest.Output output : wanted) {
                int index = names.indexOf(output.name());
                outputs.add(new InferAnswer.Output(
                        served.outputs().get(index), values.get(index), request.binary(output), output.classes()));
            }
            return new InferAnswer(
                    served.name(), served.version(), request.id(), outputs, read.rows(), read.warnings());
        });
    }

    /** Answers a {@code predict} request. @param json whether the body is JSON, or a file */
    public CompletableFuture<ServedModel.Said> predict(
            String model, @Nullable String version, byte[] body, boolean json, Terms terms) {
        return leased(model, version, terms, served -> served.predict(body, json));
    }

    /** Answers a {@code predict} request of several files, with a list. */
    public CompletableFuture<ServedModel.Said> predict(
            String model, @Nullable String version, List<byte[]> files, Terms terms) {
        return leased(model, version, terms, served -> served.predict(files));
    }

    /** What is done with a version while it is in use. */
    private interface Use<T> {
        T with(ServedModel model) throws Exception;
    }

    private <T> CompletableFuture<T> leased(String model, @Nullable String version, Terms terms, Use<T> use) {
        Lease lease = models.lease(model, version);
        try {
            return pool.submit(terms, () -> use.with(lease.model())).whenComplete((answer, error) -> lease.close());
        } catch (RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    /**
     * The outputs to send, in the order asked for.
     *
     * @throws InputException if one is unknown or asked for twice
     */
    private static List<InferRequest.Output> select(ServedModel model, InferRequest request) {
        List<String> known = model.outputs().stream().map(Field::name).toList();
        if (request.outputs().isEmpty()) {
            return known.stream()
                    .map(name -> new InferRequest.Output(name, null))
                    .toList();
        }
        Set<String> seen = new HashSet<>();
        for (InferRequest.Output output : request.outputs()) {
            if (!known.contains(output.name())) {
                throw new InputException(
                        "unknown output \"" + output.name() + "\"" + Nearest.hint(output.name(), known));
            }
            if (!seen.add(output.name())) {
                throw new InputException("the output \"" + output.name() + "\" is asked for twice");
            }
        }
        return request.outputs();
    }
}
