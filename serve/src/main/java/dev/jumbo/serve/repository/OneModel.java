package dev.jumbo.serve.repository;

import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.wire.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One model in one version, which is there as long as the server is. */
public record OneModel(ServedModel model) implements Models {
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
}
