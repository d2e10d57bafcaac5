package dev.jumbo.train.checkpoint;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.files.Durable;
import dev.jumbo.files.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The files of one checkpoint on the disk, held against its manifest.
 *
 * @param directory where they are
 * @param manifest what they should be
 */
record SavedFiles(Path directory, Manifest manifest) {
    /**
     * Verifies the length of every file, and the SHA-256 of what prediction reads; of what only a resume reads, {@link
     * #verifyState} does.
     *
     * @throws InputException if there is no such directory
     * @throws FailureException if a file is missing or damaged, naming it
     */
    static SavedFiles open(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new InputException("expected a checkpoint directory, found none at " + directory);
        }
        try {
            SavedFiles files = new SavedFiles(
                    directory, CheckpointJson.read(directory.resolve(Checkpoint.MANIFEST), Manifest.class));
            files.verify();
            return files;
        } catch (IOException | InputException e) {
            throw unreadable(directory, e);
        }
    }

    private void verify() throws IOException {
        List<String> stateFiles = stateFiles();
        List<String> needed = new ArrayList<>(List.of(Checkpoint.MODEL, Checkpoint.WEIGHTS, Checkpoint.TRAINER));
        needed.addAll(stateFiles);
        for (String required : needed) {
            if (!manifest.files().containsKey(required)) {
                throw damaged(Checkpoint.MANIFEST, "it does not list " + required);
            }
        }
        for (Map.Entry<String, Manifest.Entry> file : manifest.files().entrySet()) {
            verifySize(file.getKey(), file.getValue());
            if (!stateFiles.contains(file.getKey())) {
                verifyHash(file.getKey(), file.getValue());
            }
        }
    }

    private List<String> stateFiles() {
        return manifest.withoutState()
                ? List.of()
                : StateFiles.required(manifest.files().keySet());
    }

    /** Verifies and opens what only a resume reads. @throws FailureException if a file is damaged, naming it */
    StateFiles verifyState() {
        if (manifest.withoutState()) {
            throw new InputException(
                    "the checkpoint " + directory + " was copied without the state of the optimizer, to answer"
                            + " alone: go on from the run that it was copied from, or begin a training with train.init_from");
        }
        try {
            List<String> stateFiles = stateFiles();
            for (String name : stateFiles) {
                verifyHash(name, Objects.requireNonNull(manifest.files().get(name)));
            }
            return StateFiles.open(directory, stateFiles);
        } catch (IOException | InputException e) {
            throw unreadable(directory, e);
        }
    }

    /** One of the JSON files as a record. @throws FailureException if it cannot be read as one */
    <T> T json(String name, Class<T> type) {
        try {
            return CheckpointJson.read(directory.resolve(name), type);
        } catch (InputException e) {
            throw unreadable(directory, e);
        }
    }

    private void verifySize(String name, Manifest.Entry expected) throws IOException {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
            throw damaged(Checkpoint.MANIFEST, "it lists a file with the name \"" + name + "\"");
        }
        Path file = directory.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw damaged(name, "the file is missing");
        }
        long bytes = Files.size(file);
        if (bytes != expected.bytes()) {
            throw damaged(name, "expected " + expected.bytes() + " bytes, found " + bytes);
        }
    }

    private void verifyHash(String name, Manifest.Entry expected) throws IOException {
        String sha256 = Sha256.of(directory.resolve(name));
        if (!sha256.equals(expected.sha256())) {
            throw damaged(name, "expected SHA-256 " + expected.sha256() + ", found " + sha256);
        }
    }

    /**
     * A copy without what only a resume reads.
     *
     * @param copy a directory that is not there yet; complete or not there afterwards
     */
    void copyWithoutState(Path copy) throws IOException {
        Map<String, Manifest.Entry> left = new TreeMap<>(manifest.files());
        left.keySet().removeAll(stateFiles());
        Path temporary = Durable.temporary(copy);
        try {
            Files.createDirectories(temporary); // and those above it
            for (String name : left.keySet()) {
                Files.copy(directory.resolve(name), temporary.resolve(name));
            }
            CheckpointJson.write(temporary.resolve(Checkpoint.MANIFEST), Manifest.class, manifest.withoutState(left));
            Durable.publish(temporary, copy);
        } catch (IOException | RuntimeException e) {
            Durable.deleteDirectory(temporary);
            throw e;
        }
    }

    private static FailureException unreadable(Path directory, Exception e) {
        return new FailureException("the checkpoint " + directory + " cannot be read: " + e.getMessage(), e);
    }

    private FailureException damaged(String file, String how) {
        return new FailureException("the checkpoint " + directory + " is damaged: " + file + ": " + how
                + "; use another checkpoint of the run, or resume the training, which goes back to a sound one");
    }
}
