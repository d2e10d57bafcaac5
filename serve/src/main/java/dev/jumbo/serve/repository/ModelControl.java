package dev.jumbo.serve.repository;

import dev.jumbo.serve.repository.settings.CanarySettings;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What an operator may ask of a repository: the calls of the repository extension of V2. Safe for many threads. */
public interface ModelControl {
    /** Every version that is known, by model and in order. @param readyOnly only those that answer */
    List<IndexEntry> index(boolean readyOnly);

    /** Counts for each model, for metrics. */
    List<ModelFigures> figures();

    /**
     * Looks at a model's directory now and loads what its policy says; what failed before is tried again.
     *
     * @param parameters of the call; none has a meaning here, and any is refused
     * @return completes when the versions answer; fails with an {@link dev.jumbo.error.InputException} that says which one does not and why
     *     (an older one goes on answering), or a {@link dev.jumbo.serve.wire.Refusal}: NOT_FOUND if there is no such model,
     *     UNAVAILABLE if there is no memory for it or the repository cannot be read, CONFLICT if an unload came before it was loaded
     */
    CompletableFuture<Void> load(String model, Map<String, ?> parameters);

    /**
     * Takes a model out of service: nobody new is answered by it when this returns, requests in flight are answered, and then its
     * memory is given back.
     *
     * @param dependents whether models that need this one are unloaded too; none does
     * @throws dev.jumbo.serve.wire.Refusal NOT_FOUND if there is no such model
     * @throws dev.jumbo.error.InputException if models are not unloaded by a call here
     */
    void unload(String model, boolean dependents);

    /**
     * Gives a version a share of the requests that name none, in place of what {@code config.yaml} says; an earlier roll-back is forgotten.
     *
     * @throws dev.jumbo.serve.wire.Refusal NOT_FOUND if there is no such model or version
     * @throws dev.jumbo.error.InputException if it is the version that answers already where none is named
     */
    void canary(String model, CanarySettings canary);

    /**
     * The canary answers all requests that name no version.
     *
     * @throws dev.jumbo.error.InputException if the model has no canary that answers
     */
    void promote(String model);

    /**
     * Takes the share of the canary away, and its memory; until a canary is asked for again, or its directory changes.
     *
     * @throws dev.jumbo.error.InputException if the model has no canary
     */
    void rollBack(String model);
}
