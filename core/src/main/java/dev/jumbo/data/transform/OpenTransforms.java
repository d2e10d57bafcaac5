package dev.jumbo.data.transform;

import dev.jumbo.data.Field;
import dev.jumbo.data.Transform;
import dev.jumbo.data.boxes.PictureMap;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.tensor.DType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The transforms of a model's raw inputs, made ready. Whatever is trained, measured, predicted or served goes through {@link #apply}.
 *
 * <p>What a transform makes stands where the first raw input that it reads stood; several that begin with the same one stand in the order of their
 * names. A raw input that a transform reads is none of the network's any more.
 */
public final class OpenTransforms implements AutoCloseable {
    private final List<Field> raw;
    private final List<Group> groups = new ArrayList<>();

    /**
     * What becomes of one raw input, or of those of a transform.
     *
     * @param reads places of the raw inputs
     * @param outputs what is made of them
     * @param by null where a raw input stays what it is
     */
    private record Group(List<Integer> reads, List<Field> outputs, Transform.@Nullable Opened by) {}

    private OpenTransforms(List<Field> raw) {
        this.raw = List.copyOf(raw);
    }

    /**
     * Opens transforms that are fitted.
     *
     * @param transforms by the name that each stands under; inputs that none reads stay as they are
     * @throws InputException if one reads what is no input, or of another kind, or two make a field of one name
     */
    public static OpenTransforms of(List<Field> raw, Map<String, Transform> transforms) {
        OpenTransforms open = new OpenTransforms(raw);
        try {
            for (Planned each : plan(raw, transforms)) {
                List<Field> fields = each.reads().stream().map(raw::get).toList();
                open.groups.add(new Group(
                        each.reads(),
                        each.outputs(),
                        each.by() == null ? null : each.by().openAll(fields)));
            }
        } catch (RuntimeException e) {
            open.close();
            throw e;
        }
        return open;
    }

    /**
     * The inputs behind transforms, which are not opened.
     *
     * @throws InputException as {@link #of}
     */
    public static List<Field> outputs(List<Field> raw, Map<String, Transform> transforms) {
        return plan(raw, transforms).stream()
                .flatMap(each -> each.outputs().stream())
                .toList();
    }

    /** As a {@link Group}, before it is opened. */
    private record Planned(
            List<Integer> reads,
            List<Field> outputs,
            @Nullable Transform by) {}

    private static List<Planned> plan(List<Field> raw, Map<String, Transform> transforms) {
        List<String> names = raw.stream().map(Field::name).toList();
        Map<String, Planned> byName = new TreeMap<>();
        Set<Integer> read = new HashSet<>();
        transforms.forEach((name, transform) -> {
            List<Integer> places = places(name, transform, names);
            List<Field> outputs =
                    transform.outputs(name, places.stream().map(raw::get).toList());
            byName.put(name, new Planned(places, outputs, transform));
            read.addAll(places);
        });
        List<Planned> all = new ArrayList<>();
        for (int i = 0; i < raw.size(); i++) {
            if (!read.contains(i)) {
                all.add(new Planned(List.of(i), List.of(raw.get(i)), null));
            }
            for (Planned each : byName.values()) {
                if (each.reads().get(0) == i) {
                    all.add(each);
                }
            }
        }
        Set<String> given = new HashSet<>();
        for (Planned each : all) {
            for (Field field : each.outputs()) {
                if (!given.add(field.name())) {
                    throw new InputException(
                            "transforms: expected outputs with names of their own, received two named \"" + field.name()
                                    + "\"; rename one of the inputs");
                }
            }
        }
        return all;
    }

    private static List<Integer> places(String name, Transform transform, List<String> names) {
        List<String> read = transform.reads(name);
        for (String each : read) {
            if (!names.contains(each)) {
                throw new InputException("transforms: expected the name of an input, one of " + names + ", received \""
                        + each + "\"" + (each.equals(name) ? "" : " in \"" + name + "\"") + Nearest.hint(each, names));
            }
        }
        return read.stream().map(names::indexOf).toList();
    }

    /** The inputs before. */
    public List<Field> raw() {
        return raw;
    }

    /** The inputs behind, as a dataset would have them that needs no transform. */
    public List<Field> outputs() {
        return groups.stream().flatMap(group -> group.outputs().stream()).toList();
    }

    /** Number of {@link Group groups}: raw inputs that stay, and transforms, in the order of the outputs. */
    int groups() {
        return groups.size();
    }

    /** The outputs of a group. */
    List<Field> outputs(int group) {
        return groups.get(group).outputs();
    }

    /** Whether a group is a transform's. */
    boolean changes(int group) {
        return groups.get(group).by() != null;
    }

    /** Places of the raw inputs that a group reads. */
    List<Integer> reads(int group) {
        return groups.get(group).reads();
    }

    /** All outputs of one example. @param values of the raw inputs, as {@link Transform.Opened#apply} takes them */
    List<Object> applyAll(List<Object> values) {
        return IntStream.range(0, groups.size())
                .mapToObj(group ->
                        apply(group, reads(group).stream().map(values::get).toList()))
                .flatMap(List::stream)
                .toList();
    }

    /**
     * The outputs of a group for one example.
     *
     * @param values of the raw inputs that it reads, as {@link Transform.Opened#apply} takes them
     * @throws InputException naming the first output
     */
    List<Object> apply(int group, List<Object> values) {
        Group of = groups.get(group);
        if (of.by() == null) {
            return values;
        }
        try {
            List<Object> made = of.by().apply(values);
            if (made.size() != of.outputs().size()) {
                throw new InputException("expected values of " + of.outputs() + " from its transform, received "
                        + made.size() + " fields");
            }
            for (int i = 0; i < made.size(); i++) {
                Field output = of.outputs().get(i);
                requireSize(output, held(output, made.get(i)));
            }
            return made;
        } catch (InputException e) {
            throw named(of, e);
        }
    }

    /**
     * What the sender of an example should know of it.
     *
     * @param values of the raw inputs, as {@link Transform.Opened#apply} takes them
     */
    public List<String> warnings(List<Object> values) {
        List<String> warnings = new ArrayList<>();
        for (Group group : groups) {
            List<Object> own = group.reads().stream().map(values::get).toList();
            if (group.by() != null && !group.by().knows(own)) {
                warnings.add("training had no part of the text in "
                        + raw.get(group.reads().get(0)).name() + ": answered as a text of which nothing is known");
            }
        }
        return warnings;
    }

    private static InputException named(Group group, InputException e) {
        return new InputException(group.outputs().get(0).name() + ": " + e.getMessage(), e);
    }

    private static int held(Field output, Object made) {
        if (output.dtype() == DType.INT64 && made instanceof long[] ids) {
            return ids.length;
        }
        if (output.dtype() == DType.FLOAT32 && made instanceof float[] numbers) {
            return numbers.length;
        }
        throw new InputException("expected " + (output.dtype() == DType.INT64 ? "long[]" : "float[]") + " for " + output
                + " from its transform, received " + made.getClass().getSimpleName());
    }

    private static void requireSize(Field output, int held) {
        long most = output.elements();
        boolean fits = output.isRagged() ? held > 0 && held <= most && held % output.unit() == 0 : held == most;
        if (!fits) {
            throw new InputException("expected " + (output.isRagged() ? "1 to " : "") + most + " values of " + output
                    + " from its transform, received " + held);
        }
    }

    /**
     * Where the picture of an example went, which its boxes follow.
     *
     * @param values of the raw inputs
     * @throws InputException unless one transform, and no other, makes a picture that boxes can follow
     */
    PictureMap placed(List<Object> values) {
        PictureMap found = null;
        for (Group group : groups) {
            PictureMap map = group.by() == null
                    ? null
                    : group.by().placed(group.reads().stream().map(values::get).toList());
            if (map != null && found != null) {
                throw new InputException(
                        "expected one picture for the boxes of an example, received several; give each its"
                                + " own dataset, or make one input of them");
            }
            found = map == null ? found : map;
        }
        if (found == null) {
            throw new InputException(
                    "expected a transform that boxes can follow, such as resize, received " + outputs());
        }
        return found;
    }

    /** Steps of a ragged output of one example. @param values as of {@link #apply} */
    int steps(int group, int output, List<Object> values) {
        Group of = groups.get(group);
        Field field = of.outputs().get(output);
        try {
            int known = of.by() == null ? -1 : of.by().steps(output, values);
            if (known >= 0) {
                requireSize(field, Math.multiplyExact(known, field.unit()));
                return known;
            }
        } catch (InputException e) {
            throw named(of, e);
        }
        return held(field, apply(group, values).get(output)) / field.unit();
    }

    @Override
    public void close() {
        for (Group group : groups) {
            if (group.by() != null) {
                group.by().close();
            }
        }
    }
}
