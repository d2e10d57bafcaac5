package dev.jumbo.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A type with short forms, see {@link Scalar}.
 *
 * @param fields the long form, or null for a type that is not a record
 * @param forms what may stand in its place
 * @param writer how values are written; null for the long form
 */
record ScalarCodec(
        String noun,
        @Nullable Codec fields,
        List<Form> forms,
        @Nullable Method writer) implements Codec {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** A static method, and the codec of what it takes. */
    record Form(Method method, Codec codec) {
        boolean accepts(JsonNode node) {
            if (codec instanceof SequenceCodec) {
                return node.isArray();
            }
            if (codec instanceof MapCodec) {
                return node.isObject();
            }
            if (codec instanceof RecordCodec record) {
                return record.fits(node);
            }
            boolean text = codec instanceof EnumCodec
                    || (codec instanceof ValueCodec value && value.schemaType().equals("string"));
            return text == node.isTextual() && node.isValueNode() && !node.isNull();
        }

        String expected() {
            return codec instanceof ValueCodec value
                    ? value.expected()
                    : codec instanceof SequenceCodec
                            ? "a list"
                            : codec instanceof MapCodec || codec instanceof RecordCodec ? "a mapping" : "a name";
        }
    }

    /** The codec of a type with {@link Scalar} methods, or null if it has none. */
    static @Nullable ScalarCodec of(Class<?> type, @Nullable Codec fields, Function<Type, Codec> codecs) {
        List<Form> forms = new ArrayList<>();
        Method writer = null;
        for (Method method : type.getDeclaredMethods()) {
            if (method.isAnnotationPresent(Scalar.class)) {
                method.setAccessible(true);
                if (Modifier.isStatic(method.getModifiers())) {
                    forms.add(new Form(method, codecs.apply(method.getGenericParameterTypes()[0])));
                } else {
                    writer = method;
                }
            }
        }
        // The JVM gives methods in no fixed order; messages and schemas have one.
        forms.sort(Comparator.comparing(form -> form.method().toGenericString()));
        return forms.isEmpty() ? null : new ScalarCodec(Names.snake(type.getSimpleName()), fields, forms, writer);
    }

    @Override
    public Object read(JsonNode node, Place at) {
        boolean older = forms.stream().anyMatch(form -> form.codec() instanceof RecordCodec && form.accepts(node));
        if (node.isObject() && fields != null && !older) {
            return fields.read(node, at);
        }
        for (Form form : forms) {
            if (form.accepts(node) && (!older || form.codec() instanceof RecordCodec)) {
                Object argument = form.codec().read(node, at);
                return Invocations.invoke(at, () -> form.method().invoke(null, argument));
            }
        }
        String expected = Stream.concat(
                        forms.stream().map(Form::expected), fields == null ? Stream.of() : Stream.of("a mapping"))
                .collect(Collectors.joining(" or "));
        throw at.error("expected " + expected + ", received " + Codec.shown(node));
    }

    @Override
    public JsonNode write(Object value) {
        if (writer != null) {
            Place none = Place.root(ConfigDocument.of(noun, JsonNodeFactory.instance.nullNode()));
            return MAPPER.valueToTree(Invocations.invoke(none, () -> writer.invoke(value)));
        }
        if (fields == null) {
            throw new IllegalArgumentException(noun + " can be read but not written: annotate an instance method");
        }
        return fields.write(value);
    }

    @Override
    public Map<String, Codec> children() {
        return fields == null ? Map.of() : fields.children();
    }

    @Override
    public ObjectNode schema(JsonSchema schemas) {
        return anyOf(schemas, fields != null);
    }

    /** Without the mapping. */
    ObjectNode schemaOfForms(JsonSchema schemas) {
        return anyOf(schemas, false);
    }

    private ObjectNode anyOf(JsonSchema schemas, boolean mapping) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        ArrayNode anyOf = schema.putArray("anyOf");
        forms.forEach(form -> anyOf.add(form.codec().schema(schemas)));
        if (mapping && fields != null) {
            anyOf.add(fields.schema(schemas));
        }
        return anyOf.size() == 1 ? (ObjectNode) anyOf.get(0) : schema;
    }
}
