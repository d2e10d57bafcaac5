package dev.jumbo.onnx.run;

import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.onnx.export.Metadata;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Names of the classes of a foreign model's output. */
final class Labels {
    private static final String FILE = "labels.txt";
    private static final long LARGEST = 16L << 20;

    /** What rounding adds to a probability. */
    private static final double ROUNDING = 1e-3;

    private Labels() {}

    /** Those of {@code labels.txt} in the model's directory, none if there is no such file. */
    static List<String> beside(Path model) {
        Path file = model.resolveSibling(FILE);
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            if (Files.size(file) > LARGEST) {
                throw new InputException(
                        FILE + ": expected a name a line, received a file of " + Files.size(file) + " bytes");
            }
            List<String> names = Files.readString(file, StandardCharsets.UTF_8)
                    .replaceFirst("^\ufeff", "") // The mark that some editors begin a file in UTF-8 with.
                    .lines()
                    .map(String::strip)
                    .filter(name -> !name.isEmpty())
                    .toList();
            if (names.isEmpty()) {
                throw new InputException(FILE + ": expected a name a line, received none");
            }
            return names;
        } catch (IOException e) {
            throw new InputException(FILE + ": expected names in UTF-8, a line each: " + e.getMessage(), e);
        }
    }

    /** @param named for the first output, where the file itself has no names */
    static List<String> of(Port output, Map<String, String> metadata, List<String> named) {
        String own = metadata.get(Metadata.CLASSES + output.name());
        List<String> names = own == null
                ? named
                : Arrays.asList(own.replaceFirst("^\ufeff", "").split("\n", -1));
        if (names.isEmpty()) {
            return names;
        }
        requireDifferent(names, own == null ? FILE : Metadata.CLASSES + output.name() + " in the model's metadata");
        long width = output.sizes().size() == 2 ? output.sizes().get(1) : -1;
        boolean yesOrNo = names.size() == 2 && (width == 1 || output.sizes().size() == 1);
        if (!yesOrNo && width != names.size()) {
            if (own != null) {
                return List.of(); // One class for each step: no field says that.
            }
            throw new InputException(FILE + ": expected as many names as the output " + output
                    + " has values, received " + names.size());
        }
        return names;
    }

    /** An answer by name would not say which of two it means. */
    private static void requireDifferent(List<String> names, String where) {
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            Integer before = places.putIfAbsent(names.get(i), i);
            if (before != null) {
                throw new InputException(where + ": expected a different name for each class, received \""
                        + names.get(i) + "\" for the classes " + before + " and " + i
                        + ", counted from 0; tell them apart, as in \"" + names.get(i) + " (2)\"");
            }
        }
    }

    /** Names stand for probabilities: what a network gives before its softmax would be read as none. */
    static void requireProbabilities(Field output, float[] values) {
        if (output.classes().isEmpty()) {
            return;
        }
        for (float value : values) {
            if (value < -ROUNDING || value > 1 + ROUNDING) {
                throw new InputException("expected probabilities from 0 to 1 in the output " + output.name()
                        + " of the model, as it has names of classes, received " + value
                        + "; export the model with its softmax, or leave " + FILE + " out");
            }
        }
    }
}
