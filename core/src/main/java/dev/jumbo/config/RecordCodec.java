package dev.jumbo.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.error.Nearest;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A record as a mapping from its components' names. */
final class RecordCodec implements Codec {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Class<?> type;
    private final Constructor<?> constructor;
    private final List<Component> components;
    private final Function<Type, Codec> codecs;

    /** A component and its rules. @param absent the value where a file leaves the key out, null if it must not */
    private record Component(
            String key,
            RecordComponent declared,
            Method accessor,
            @Nullable JsonNode absent,
            boolean nullable) {
        String doc() {
            Doc doc = declared.getAnnotation(Doc.class);
            return doc == null ? "" : doc.value();
        }
    }

    RecordCodec(Class<?> type, Function<Type, Codec> codecs) {
        this.type = type;
        this.codecs = codecs;
        RecordComponent[] declared = type.getRecordComponents();
        components = Arrays.stream(declared).map(RecordCodec::component).toList();
        try {
            constructor = type.getDeclaredConstructor(
                    Arrays.stream(declared).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("a record without its canonical constructor", e);
        }
    }

    private static Component component(RecordComponent declared) {
        Method accessor = declared.getAccessor();
        accessor.setAccessible(true);
        Default absent = declared.getAnnotation(Default.class);
        String where = "@Default of " + declared.getDeclaringRecord().getSimpleName() + "." + declared.getName();
        if (absent != null
                && absent.value().isBlank()) { // In YAML nothing is null, which the component does not expect.
            throw new IllegalStateException(where + ": write \"null\", or \"\\\"\\\"\" for an empty text");
        }
        JsonNode value =
                absent == null ? null : YamlFile.parse(where, absent.value()).tree();
        boolean nullable = declared.getAnnotatedType().isAnnotationPresent(Nullable.class);
        return new Component(
                Names.snake(declared.getName()),
                declared,
                accessor,
                value,
                nullable || (value != null && value.isNull()));
    }

    Class<?> type() {
        return type;
    }

    /** Whether a mapping has the keys that this requires, and none that it does not know. */
    boolean fits(JsonNode node) {
        boolean known = node.isObject() && node.propertyStream().allMatch(key -> keys().contains(key.getKey()));
        return known
                && components.stream().allMatch(component -> component.absent() != null || node.has(component.key()));
    }

    @Override
    public Object read(JsonNode node, Place at) {
        return read(node, at, false);
    }

    /** @param implied whether the file has the first component's value alone, without its key */
    private Object read(JsonNode node, Place at, boolean implied) {
        if (!node.isObject()) {
            throw at.error("expected a mapping with " + keys() + ", received " + Codec.shown(node));
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!keys().contains(name)) {
                throw at.child(name)
                        .error(
                                components.isEmpty()
                                        ? "expected no keys here"
                                        : "unknown key \"" + name + "\"" + hint(name, at));
            }
        }
        List<@Nullable Object> arguments = new ArrayList<>();
        for (Component component : components) {
            Place place = implied ? at.implied(component.key()) : at.child(component.key());
            arguments.add(argument(component, node.path(component.key()), at, place));
        }
        return Invocations.invoke(at, () -> constructor.newInstance(arguments.toArray()));
    }

    /** The nearest key here; else the key whose value it names; else where that key belongs; else all keys that there are here. */
    private String hint(String name, Place at) {
        if (Nearest.to(name, keys()).isPresent()) {
            return Nearest.hint(name, keys());
        }
        for (Component component : components) {
            if (codec(component) instanceof KindsCodec kinds && kinds.kinds().containsKey(name)) {
                return "; it is a value of \"" + component.key() + "\": write " + component.key() + ": {" + name
                        + ": ...} here";
            }
        }
        return at.keys().hint(name, at.names()).orElseGet(() -> Nearest.hint(name, keys()));
    }

    private @Nullable Object argument(Component component, JsonNode given, Place at, Place place) {
        JsonNode node = given;
        if (given.isMissingNode()) {
            if (component.absent() == null) {
                String doc = component.doc().isEmpty() ? "" : ": " + component.doc();
                throw at.error("the key \"" + component.key() + "\" is missing" + doc);
            }
            node = component.absent();
        }
        if (node.isNull() && component.nullable()) {
            return null;
        }
        return codec(component).read(node, place);
    }

    /** As {@link #read}, of what stands behind the name of a kind: nothing, or a single value for the first component, too. */
    Object readBody(JsonNode body, Place at) {
        if (body.isNull()) {
            return read(NODES.objectNode(), at);
        }
        if (body.isObject()) {
            return read(body, at);
        }
        if (components.isEmpty()) {
            throw at.error("expected no values here, received " + Codec.shown(body));
        }
        return read(NODES.objectNode().set(components.get(0).key(), body), at, true);
    }

    @Override
    public ObjectNode write(Object value) {
        ObjectNode node = NODES.objectNode();
        Place none = Place.root(ConfigDocument.of(type.getSimpleName(), node));
        for (Component component : components) {
            Object of = Invocations.invoke(none, () -> component.accessor().invoke(value));
            node.set(
                    component.key(),
                    of == null ? NODES.nullNode() : codec(component).write(of));
        }
        return node;
    }

    /** Each component by its key; one of a kind that files may not name by its class. */
    Map<String, JsonNode> writeEach(Object value) {
        Map<String, JsonNode> all = new LinkedHashMap<>();
        Place none = Place.root(ConfigDocument.of(type.getSimpleName(), NODES.objectNode()));
        for (Component component : components) {
            Object of = Invocations.invoke(none, () -> component.accessor().invoke(value));
            all.put(component.key(), of == null ? NODES.nullNode() : written(component, of));
        }
        return all;
    }

    private JsonNode written(Component component, Object value) {
        try {
            return codec(component).write(value);
        } catch (UnknownKindException e) {
            return NODES.textNode(
                    value instanceof Collection<?> many
                            ? many.stream()
                                    .map(each -> each.getClass().getName())
                                    .toList()
                                    .toString()
                            : value.getClass().getName());
        }
    }

    private Codec codec(Component component) {
        return codecs.apply(component.declared().getGenericType());
    }

    private List<String> keys() {
        return components.stream().map(Component::key).toList();
    }

    /** Whether the name alone says everything. */
    boolean canBeBare() {
        return components.stream().allMatch(c -> c.absent() != null);
    }

    Optional<String> doc() {
        return Optional.ofNullable(type.getAnnotation(Doc.class)).map(Doc::value);
    }

    @Override
    public Map<String, Codec> children() {
        Map<String, Codec> children = new LinkedHashMap<>();
        for (Component component : components) {
            try {
                children.put(component.key(), codec(component));
            } catch (IllegalArgumentException e) {
                continue; // Of an interface whose kinds this reader was not given.
            }
        }
        return children;
    }

    @Override
    public ObjectNode schema(JsonSchema schemas) {
        return schemas.definition(Names.snake(type.getSimpleName()), this::definition);
    }

    /** The schema of what stands behind the name of a kind. */
    ObjectNode bodySchema(String name, JsonSchema schemas) {
        ObjectNode mapping = schemas.definition(name, this::definition);
        boolean first = !components.isEmpty()
                && components.stream().skip(1).allMatch(c -> c.absent() != null)
                && !(codec(components.get(0)) instanceof RecordCodec)
                && !(codec(components.get(0)) instanceof MapCodec);
        if (!first && !canBeBare()) {
            return mapping;
        }
        ObjectNode schema = NODES.objectNode();
        ArrayNode forms = schema.putArray("anyOf").add(mapping);
        if (first) {
            forms.add(bare(codec(components.get(0)), schemas));
        }
        if (canBeBare()) {
            forms.addObject().put("type", "null");
        }
        return schema;
    }

    /** A mapping is always read as the whole, so the value of the first component alone can be everything else. */
    private static ObjectNode bare(Codec codec, JsonSchema schemas) {
        if (codec instanceof ScalarCodec scalar) {
            return scalar.schemaOfForms(schemas);
        }
        ObjectNode schema = codec.schema(schemas);
        if (!(codec instanceof KindsCodec)) {
            return schema;
        }
        ObjectNode both = NODES.objectNode();
        ArrayNode all = both.putArray("allOf").add(schema);
        all.addObject().putObject("not").put("type", "object");
        return both;
    }

    private ObjectNode definition(JsonSchema schemas) {
        ObjectNode schema = NODES.objectNode().put("type", "object");
        doc().ifPresent(doc -> schema.put("description", doc));
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = NODES.arrayNode();
        for (Component component : components) {
            properties.set(component.key(), property(component, schemas));
            if (component.absent() == null) {
                required.add(component.key());
            }
        }
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        return schema.put("additionalProperties", false);
    }

    private ObjectNode property(Component component, JsonSchema schemas) {
        ObjectNode value = codec(component).schema(schemas);
        ObjectNode property = value;
        if (component.nullable()) {
            property = NODES.objectNode();
            property.putArray("anyOf").add(value).addObject().put("type", "null");
        }
        if (!component.doc().isEmpty()) {
            property.put("description", component.doc());
        }
        if (component.absent() != null) {
            // Reading it now makes a wrong default fail the test of the schema, not a user's run.
            Place place = Place.root(ConfigDocument.of("@Default", component.absent()));
            argument(component, component.absent(), place, place);
            property.set("default", component.absent());
        }
        return property;
    }
}
