package dev.jumbo.models.language;

import dev.jumbo.nn.weights.PublicDirectory;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** Hugging Face directories of the architectures that are known, for {@code train.init_from}. */
public final class HuggingFaceDirectory implements PublicDirectory {
    @Override
    public Optional<Opened> open(Path directory, Set<String> wanted) {
        return HuggingFace.open(directory, wanted);
    }
}
