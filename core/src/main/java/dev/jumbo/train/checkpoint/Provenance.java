package dev.jumbo.train.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How a checkpoint was made: versions, and the commit of the working directory. */
final class Provenance {
    private Provenance() {}

    static Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        versions.put("java", System.getProperty("java.version"));
        versions.put(
                "jumbo",
                Optional.ofNullable(Provenance.class.getPackage().getImplementationVersion())
                        .orElse("development"));
        versions.put("libtorch", dev.jumbo.tensor.Torch.version());
        return versions;
    }

    /** The commit that HEAD of the enclosing git checkout names, or null; read from its files, without running git. */
    static @Nullable String commit() {
        try {
            for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
                Path head = at.resolve(".git/HEAD");
                if (Files.isRegularFile(head)) {
                    String text = Files.readString(head).strip();
                    if (!text.startsWith("ref: ")) {
                        return text;
                    }
                    Path ref = at.resolve(".git").resolve(text.substring(5));
                    return Files.isRegularFile(ref) ? Files.readString(ref).strip() : null;
                }
            }
        } catch (IOException e) {
            return null; // An unreadable checkout says nothing about the model.
        }
        return null;
    }
}
