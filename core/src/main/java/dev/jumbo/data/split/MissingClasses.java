package dev.jumbo.data.split;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.ExampleStream;
import dev.jumbo.data.Field;
import dev.jumbo.tensor.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Which classes a part of the data has no example of. */
public final class MissingClasses {
    private static final int SHOWN = 8;

    private MissingClasses() {}

    /**
     * A warning that names the parts and their missing classes. Targets that are not one class id are not looked at.
     *
     * @param validation null where there is none
     * @param test null where there is none
     * @param advice what helps with parts that were divided so: {@link SplitMethod#adviceOnMissingClasses}
     */
    public static Optional<String> warning(
            Dataset train, @Nullable Dataset validation, @Nullable Dataset test, String advice) {
        if (train.targets().isEmpty() || train instanceof ExampleStream) {
            return Optional.empty();
        }
        Field target = train.targets().get(0);
        if (target.dtype() != DType.INT64
                || target.elements() != 1
                || target.classes().isEmpty()) {
            return Optional.empty();
        }
        Map<String, boolean[]> parts = new LinkedHashMap<>();
        parts.put("training", present(train, target));
        if (validation != null) {
            parts.put("validation", present(validation, target));
        }
        if (test != null) {
            parts.put("test", present(test, target));
        }
        List<String> gaps = new ArrayList<>();
        parts.forEach((name, has) -> {
            List<String> missing = IntStream.range(0, has.length)
                    .filter(c -> !has[c])
                    .filter(c ->
                            name.equals("training") || parts.values().stream().anyMatch(other -> other[c]))
                    .mapToObj(target.classes()::get)
                    .toList();
            if (!missing.isEmpty()) {
                gaps.add("the " + name + " part has no example of " + shown(missing));
            }
        });
        return gaps.isEmpty()
                ? Optional.empty()
                : Optional.of(String.join("; ", gaps)
                        + ": what is not in the training part cannot be learned, and what is not in another is not"
                        + " measured; " + advice);
    }

    private static String shown(List<String> names) {
        return names.stream().limit(SHOWN).map(name -> '"' + name + '"').collect(Collectors.joining(", "))
                + (names.size() > SHOWN ? " and " + (names.size() - SHOWN) + " other classes" : "");
    }

    private static boolean[] present(Dataset part, Field target) {
        boolean[] has = new boolean[target.classes().size()];
        for (int i = 0; i < part.size(); i++) {
            int id = (int) part.classId(i);
            if (id >= 0 && id < has.length) {
                has[id] = true;
            }
        }
        return has;
    }
}
