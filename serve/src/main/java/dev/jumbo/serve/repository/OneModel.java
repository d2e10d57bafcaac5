package dev.jumbo.serve.repository;

import dev.jumbo.error.InputException;
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.repository.settings.CanarySettings;
import dev.jumbo.serve.wire.Refusal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One model in one version, which is there as long as the server is. */
public record OneModel(ServedModel model) implements ServedModels {
    @Override
    public Lease lease(String name, @Nullable String version) {
        requireName(name);
        if (version != null && !version.equals(model.version())) {
            throw new Refusal(
                    Refusal.Reason.NOT_FOUND,
                    "no such version of \"" + name + "\"; the version here is \"" + model.version() + "\"");
        }
        return new Lease() {
            @Override
            public ServedModel model() {
                return model;
            }

            @Override
            public void close() {
                // It stays.
            }
        };
    }

    private void requireName(String name) {
        if (!name.equals(model.name())) {
            throw new Refusal(Refusal.Reason.NOT_FOUND, "no such model; the model here is \"" + model.name() + "\"");
        }
    }

    @Override
    public List<String> names() {
        return List.of(model.name());
    }

    @Override
    public List<String> versions(String name) {
        requireName(name);
        return List.of(model.version());
    }

    @Override
    public ModelControl control() {
        return new ModelControl() {
            @Override
            public List<IndexEntry> index(boolean readyOnly) {
                return List.of(new IndexEntry(model.name(), model.version(), VersionState.READY, ""));
            }

            @Override
            public List<ModelFigures> figures() {
                return List.of(new ModelFigures(model.name(), 1, 1, 0, 0, 0, null));
            }

            @Override
            public CompletableFuture<Void> load(String name, Map<String, ?> parameters) {
                throw fixed(name);
            }

            @Override
            public void unload(String name, boolean dependents) {
                throw fixed(name);
            }

            @Override
            public void canary(String name, CanarySettings canary) {
                throw fixed(name);
            }

            @Override
            public void promote(String name) {
                throw fixed(name);
            }

            @Override
            public void rollBack(String name) {
                throw fixed(name);
            }
        };
    }

    private InputException fixed(String name) {
        requireName(name);
        return new InputException("expected a repository of models to change one; this server was started for \""
                + model.name() + "\" alone");
    }
}
