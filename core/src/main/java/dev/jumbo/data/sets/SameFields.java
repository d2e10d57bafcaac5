package dev.jumbo.data.sets;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.Transform;
import dev.jumbo.error.InputException;
import dev.jumbo.error.IoProblem;
import dev.jumbo.files.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The fields that several datasets have in common. */
final class SameFields {
    private SameFields() {}

    /**
     * Of ragged ones, with the longest length of all.
     *
     * @throws InputException if two datasets differ, naming the field and what differs
     */
    static List<Field> of(List<? extends Dataset> sets, boolean targets) {
        List<Field> common = new ArrayList<>(fields(sets.get(0), targets));
        String kind = targets ? "targets" : "inputs";
        for (int i = 1; i < sets.size(); i++) {
            List<Field> own = fields(sets.get(i), targets);
            if (own.size() != common.size()) {
                throw new InputException("expected the " + kind + " " + common + " of the first dataset, received "
                        + own + " in dataset " + (i + 1));
            }
            for (int f = 0; f < own.size(); f++) {
                common.set(f, join(common.get(f), own.get(f), kind, i + 1));
            }
        }
        return List.copyOf(common);
    }

    /** @throws InputException if examples were made by different things, whose files differ or that are set differently */
    static void requireSameMaking(Dataset first, Dataset other) {
        Map<String, Transform> known = first.madeBy();
        Map<String, Transform> own = other.madeBy();
        if (!known.isEmpty() && !own.isEmpty() && !byContent(known).equals(byContent(own))) {
            throw new InputException("expected datasets that were made by the same tokenizer or transform, received "
                    + known + " and " + own + "; ids of one mean nothing in the other");
        }
    }

    /** What examples were made by, of the first dataset that says it. */
    static Map<String, Transform> madeBy(List<? extends Dataset> sets) {
        return sets.stream()
                .map(Dataset::madeBy)
                .filter(made -> !made.isEmpty())
                .findFirst()
                .orElse(Map.of());
    }

    /** With the hash of each file in the place of its name. */
    private static Map<String, Transform> byContent(Map<String, Transform> transforms) {
        Map<String, Transform> all = new LinkedHashMap<>();
        transforms.forEach((name, transform) -> all.put(
                name,
                transform.withFiles(
                        transform.files().stream().map(SameFields::hash).toList())));
        return all;
    }

    private static Path hash(Path file) {
        try {
            return Path.of(Sha256.of(file));
        } catch (IOException e) {
            throw new InputException("cannot read " + file + ": " + IoProblem.of(e), e);
        }
    }

    private static List<Field> fields(Dataset set, boolean targets) {
        return targets ? set.targets() : set.inputs();
    }

    private static Field join(Field first, Field other, String kind, int number) {
        if (first.isRagged()
                && other.isRagged()
                && first.shape().rank() == other.shape().rank()) {
            int longest = (int) Math.max(first.shape().size(0), other.shape().size(0));
            if (first.ragged(longest).equals(other.ragged(longest))) {
                return first.ragged(longest);
            }
        }
        if (first.meaning() instanceof Meaning.Columns && other.spec().equals(first.spec())) {
            Field numbers = new Field(first.name(), first.spec(), new Meaning.Numbers()); // Of different keys.
            boolean alike = other.meaning() instanceof Meaning.Columns || other.equals(numbers);
            if (!first.equals(other) && alike && first.name().equals(other.name())) {
                return numbers;
            }
        }
        if (!first.equals(other)) {
            String differs = !first.name().equals(other.name())
                    ? "name"
                    : !first.spec().equals(other.spec()) ? "shape or type" : "meaning";
            throw new InputException("expected the same " + kind + " in all datasets, but the " + differs + " differs: "
                    + described(first) + " in the first, " + described(other) + " in dataset " + number
                    + "; prepare them alike, or train on one of them");
        }
        return first;
    }

    private static String described(Field field) {
        return field + " (" + field.meaning() + ")";
    }
}
