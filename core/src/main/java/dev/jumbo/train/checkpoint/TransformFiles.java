package dev.jumbo.train.checkpoint;

import dev.jumbo.config.Components;
import dev.jumbo.data.Transform;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.error.IoProblem;
import dev.jumbo.files.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The files of transforms, such as a tokenizer's, and those that go with a model: a checkpoint has copies, and its manifest their SHA-256. */
public final class TransformFiles {
    private static final String PREFIX = "transform-";
    private static final String KEPT = "kept-";
    private static final int LONGEST = 40;

    private TransformFiles() {}

    /** Names of the copies in a checkpoint, in the order of the transforms and their files. */
    static List<String> names(ModelFile model) {
        List<String> names = new ArrayList<>();
        for (Path file : files(model)) {
            names.add(name(names.size(), file));
        }
        model.files().keySet().forEach(name -> names.add(keptName(name)));
        return names;
    }

    private static List<Path> files(ModelFile model) {
        return Stream.of(model.transforms(), model.madeBy())
                .flatMap(transforms -> transforms.values().stream())
                .flatMap(transform -> transform.files().stream())
                .toList();
    }

    private static String name(int number, Path file) {
        String given = String.valueOf(file.getFileName()).replaceAll("[^A-Za-z0-9._-]", "-");
        return PREFIX + number + "-" + given.substring(Math.max(0, given.length() - LONGEST));
    }

    /** Copies the files into a checkpoint. @return the model as it is written there */
    static ModelFile copy(ModelFile model, Path directory) throws IOException {
        List<String> names = names(model);
        List<Path> files = files(model);
        for (int i = 0; i < files.size(); i++) {
            Files.copy(files.get(i), directory.resolve(names.get(i)));
        }
        for (Map.Entry<String, Path> file : model.files().entrySet()) {
            Files.copy(file.getValue(), directory.resolve(keptName(file.getKey())));
        }
        int[] next = {0};
        return kept(moved(model, file -> Path.of(names.get(next[0]++))), (name, file) -> Path.of(keptName(name)));
    }

    /** A model as it was read, with the files where the checkpoint has them. @throws FailureException if the manifest lacks one */
    static ModelFile located(ModelFile model, SavedFiles files) {
        return kept(
                moved(model, file -> located(file, file.toString().startsWith(PREFIX), "a transform's file", files)),
                (name, file) -> located(file, file.toString().equals(KEPT + name), "the file " + name, files));
    }

    private static Path located(Path file, boolean named, String what, SavedFiles files) {
        if (!named || !files.manifest().files().containsKey(file.toString())) {
            throw new FailureException("the checkpoint " + files.directory() + " is damaged: " + Checkpoint.MODEL
                    + " names " + file + " as " + what + ", which the manifest does not list; use another"
                    + " checkpoint of the run");
        }
        return files.directory().resolve(file);
    }

    private static ModelFile moved(ModelFile model, UnaryOperator<Path> to) {
        if (files(model).isEmpty()) {
            return model;
        }
        Map<String, Transform> applied = moved(model.transforms(), to);
        Map<String, Transform> before = moved(model.madeBy(), to);
        return Components.of(model)
                .with("transforms", applied)
                .with("madeBy", before)
                .record();
    }

    private static Map<String, Transform> moved(Map<String, Transform> transforms, UnaryOperator<Path> to) {
        Map<String, Transform> moved = new LinkedHashMap<>();
        transforms.forEach((input, transform) -> moved.put(
                input, transform.withFiles(transform.files().stream().map(to).toList())));
        return moved;
    }

    /** A model with the places of the files that go with it. @param to from the name and place of each */
    private static ModelFile kept(ModelFile model, BiFunction<String, Path, Path> to) {
        if (model.files().isEmpty()) {
            return model;
        }
        Map<String, Path> moved = new LinkedHashMap<>();
        model.files().forEach((name, file) -> moved.put(name, to.apply(name, file)));
        return Components.of(model).with("files", moved).record();
    }

    /** The name of a copy of a file that goes with a model. @throws InputException if it cannot be one */
    private static String keptName(String name) {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,50}")) {
            throw new InputException("expected a plain name of a file that goes with a model, of at most 51 letters,"
                    + " digits, dots, dashes and underscores, received \"" + name + "\"");
        }
        return KEPT + name;
    }

    /** SHA-256 of a file. @throws InputException if it cannot be read */
    public static String sha256(Path file) {
        try {
            return Sha256.of(file);
        } catch (IOException e) {
            throw new InputException("cannot read " + file + ", which a transform needs: " + IoProblem.of(e), e);
        }
    }
}
