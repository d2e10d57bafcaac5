package dev.jumbo.train;

import dev.jumbo.error.FailureException;
import dev.jumbo.files.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Files that go with the weights that a training begins from: copies in the directory of the run, {@code files/}, from which every
 * checkpoint takes its own, also when the first ones are long gone.
 */
final class KeptFiles {
    private static final String DIRECTORY = "files";

    private KeptFiles() {}

    /** Copies them, if there are any and the run has none yet. @return those that the run has, by their names */
    static Map<String, Path> of(Path run, Map<String, Path> given) {
        Path directory = run.resolve(DIRECTORY);
        try {
            if (!given.isEmpty() && !Files.isDirectory(directory)) {
                Files.createDirectories(run);
                Path draft = Files.createDirectories(Durable.temporary(directory));
                for (Map.Entry<String, Path> file : given.entrySet()) {
                    Files.copy(file.getValue(), draft.resolve(file.getKey()));
                }
                Durable.publish(draft, directory);
            }
            return in(directory);
        } catch (IOException e) {
            throw new FailureException("cannot keep the files of the model in " + directory + ": " + e, e);
        }
    }

    private static Map<String, Path> in(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return Map.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            Map<String, Path> kept = new TreeMap<>();
            all.forEach(file -> kept.put(file.getFileName().toString(), file));
            return kept;
        }
    }
}
