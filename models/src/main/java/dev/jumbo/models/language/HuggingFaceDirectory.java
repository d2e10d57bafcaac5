package dev.jumbo.models.language;

import dev.jumbo.nn.adapt.BaseNetwork;
import dev.jumbo.nn.weights.PublicDirectory;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Hugging Face directories of the architectures that are known, for {@code train.init_from}. */
public final class HuggingFaceDirectory implements PublicDirectory, BaseNetwork.Reader {
    @Override
    public Optional<Opened> open(Path directory, Set<String> wanted) {
        return HuggingFace.open(directory, wanted);
    }

    @Override
    public Optional<BaseNetwork> describe(Path directory) {
        return HuggingFace.describe(directory);
    }

    @Override
    public Map<String, Path> files(Path directory) {
        return HuggingFace.family(directory).isPresent() ? HuggingFace.kept(directory) : Map.of();
    }
}
