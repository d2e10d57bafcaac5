package dev.jumbo.train;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.files.Durable;
import dev.jumbo.train.checkpoint.RunDirectory;
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

    /**
     * Copies them into a run that begins; one that goes on has its own.
     *
     * @return those that the run has, by their names
     * @throws InputException if other files are where they go, as of a training that ended before its first checkpoint
     */
    static Map<String, Path> of(Path run, Map<String, Path> given) {
        Path directory = run.resolve(DIRECTORY);
        boolean begins = !new RunDirectory(run).hasCheckpoint();
        try {
            if (begins && Files.exists(directory)) {
                requireSame(directory, given);
            } else if (begins && !given.isEmpty()) {
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

    private static void requireSame(Path directory, Map<String, Path> given) throws IOException {
        Map<String, Path> there = in(directory);
        boolean same = there.keySet().equals(given.keySet());
        for (Map.Entry<String, Path> file : given.entrySet()) {
            same = same && Files.mismatch(file.getValue(), directory.resolve(file.getKey())) < 0;
        }
        if (!same) {
            throw new InputException(directory + ": expected the files " + given.keySet()
                    + " of the model that training begins from, or no such directory, found others, " + there.keySet()
                    + "; remove it, or train into another directory");
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
