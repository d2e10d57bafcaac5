package dev.jumbo.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.error.InputException;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Records to and from trees of values, by the rules of this package. Immutable, and safe for several threads.
 *
 * <pre>{@code
 * Records records = Records.of().with(Layer.class, Layers.kinds());
 * Layer layer = records.read(Layer.class, YamlFile.read(Path.of("model.yaml")));
 * JsonNode tree = records.write(Layer.class, layer);
 * }</pre>
 *
 * Components may be numbers, booleans, texts, paths, enums, records, lists, arrays, maps from texts, types with {@link
 * Scalar} forms, and the interfaces whose kinds were registered (a sealed interface registers its own, and
 * so does one with a {@link ListsKinds} method), with those of every {@link KindProvider}.
 */
public final class Records {
    private final Map<Class<?>, List<Class<?>>> kinds;
    private final Map<Type, Codec> codecs = new ConcurrentHashMap<>();

    private Records(Map<Class<?>, List<Class<?>>> kinds) {
        this.kinds = Map.copyOf(kinds);
    }

    /** Records without registered kinds. */
    public static Records of() {
        return new Records(Map.of());
    }

    /**
     * These, and the records that files may name where a component has an interface type.
     *
     * @param implementations records with a {@link Kind} each
     */
    public <T> Records with(Class<T> type, Collection<? extends Class<? extends T>> implementations) {
        Map<Class<?>, List<Class<?>>> all = new HashMap<>(kinds);
        all.put(type, List.copyOf(implementations));
        return new Records(all);
    }

    /** @throws dev.jumbo.error.InputException with file, line and key, at the first value that does not fit */
    public <T> T read(Class<T> type, ConfigDocument document) {
        return type.cast(codec(type).read(document.tree(), Place.root(document, codec(type))));
    }

    /** As {@link #read(Class, ConfigDocument)}, of a tree without line numbers. @param name that errors begin with */
    public <T> T read(Class<T> type, String name, JsonNode tree) {
        return read(type, ConfigDocument.of(name, tree));
    }

    /** Every component written out, defaults included, in the order of declaration. @param type as which it will be read: the interface for a kind */
    public <T> JsonNode write(Class<T> type, T value) {
        return codec(type).write(value);
    }

    /**
     * As {@link #write}, of a record's components by their keys; one that files may not name is written as the name of its
     * class, so that two can be told apart but not read again.
     */
    public <T> Map<String, JsonNode> writeEach(Class<T> type, T value) {
        return new RecordCodec(type, this::codec).writeEach(value);
    }

    /** The keys of a record in files, in the order of its components. */
    public static Set<String> keys(Class<? extends Record> type) {
        Set<String> keys = new LinkedHashSet<>();
        for (var component : type.getRecordComponents()) {
            keys.add(Names.snake(component.getName()));
        }
        return keys;
    }

    /** JSON Schema (draft 2020-12) of the files that can be read as a type. */
    public ObjectNode schema(String title, Class<?> type) {
        return JsonSchema.of(title, codec(type));
    }

    private Codec codec(Type type) {
        Codec known = codecs.get(type);
        if (known == null) {
            known = make(type);
            codecs.put(type, known);
        }
        return known;
    }

    private Codec make(Type type) {
        Codec value = ValueCodec.of(type);
        if (value != null) {
            return value;
        }
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            if (generic.getRawType() == List.class) {
                return new SequenceCodec(codec(arguments[0]), null);
            }
            if (generic.getRawType() == Map.class && arguments[0] == String.class) {
                return new MapCodec(codec(arguments[1]));
            }
        }
        if (type instanceof Class<?> raw && !(type instanceof GenericArrayType)) {
            return make(raw);
        }
        throw unsupported(type);
    }

    private Codec make(Class<?> type) {
        if (type.isArray()) {
            return new SequenceCodec(codec(type.getComponentType()), type.getComponentType());
        }
        if (type.isEnum()) {
            return EnumCodec.of(type);
        }
        RecordCodec fields = type.isRecord() ? new RecordCodec(type, this::codec) : null;
        Codec scalar = ScalarCodec.of(type, fields, this::codec);
        if (scalar != null) {
            return scalar;
        }
        List<Class<?>> implementations = implementations(type);
        if (!implementations.isEmpty()) {
            return kinds(type, implementations);
        }
        if (fields == null) {
            throw unsupported(type);
        }
        return fields;
    }

    private List<Class<?>> implementations(Class<?> type) {
        List<Class<?>> registered = kinds.get(type);
        if (registered != null) {
            Set<Class<?>> all = new LinkedHashSet<>(registered);
            all.addAll(ProvidedKinds.of(type));
            return List.copyOf(all);
        }
        List<Class<?>> permitted = new ArrayList<>(declared(type));
        if (!permitted.isEmpty() && !type.isSealed()) {
            permitted.addAll(ProvidedKinds.of(type));
        }
        if (type.isSealed()) {
            for (Class<?> direct : type.getPermittedSubclasses()) {
                permitted.addAll(direct.isSealed() ? implementations(direct) : List.of(direct));
            }
        }
        return permitted;
    }

    private static List<Class<?>> declared(Class<?> type) {
        List<Class<?>> declared = new ArrayList<>();
        for (Method method : type.isInterface() ? type.getDeclaredMethods() : new Method[0]) {
            if (method.isAnnotationPresent(ListsKinds.class)) {
                Object kinds = Invocations.invoke(
                        Place.root(ConfigDocument.of(type.getName(), JsonNodeFactory.instance.nullNode())),
                        () -> method.invoke(null));
                ((List<?>) kinds).forEach(kind -> declared.add((Class<?>) kind));
            }
        }
        return declared;
    }

    private KindsCodec kinds(Class<?> type, List<Class<?>> implementations) {
        Map<String, RecordCodec> byName = new TreeMap<>();
        for (Class<?> implementation : implementations) {
            Kind kind = implementation.getAnnotation(Kind.class);
            if (kind == null || !implementation.isRecord()) {
                throw new IllegalArgumentException(implementation.getName() + " is not a record with a @Kind");
            }
            RecordCodec before = byName.put(kind.value(), new RecordCodec(implementation, this::codec));
            if (before != null) {
                if (ProvidedKinds.of(type).contains(implementation)) {
                    throw new InputException("two kinds of " + type.getSimpleName() + " are named \"" + kind.value()
                            + "\": " + before.type().getName() + " and " + implementation.getName()
                            + "; give the second another @Kind, or take the jar of one off the class path");
                }
                throw new IllegalArgumentException("two kinds of " + type.getName() + " are named " + kind.value());
            }
        }
        return new KindsCodec(Names.snake(type.getSimpleName()), byName, !type.isSealed());
    }

    private static IllegalArgumentException unsupported(Type type) {
        return new IllegalArgumentException("no way to read " + type.getTypeName()
                + " from a file: use a record, register its kinds, or give it @Scalar methods");
    }
}
