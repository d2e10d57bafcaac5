package dev.jumbo.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A type with short forms, see {@link Scalar}.
 *
 * @param fields the long form, or null for a type that is not a record
 * @param single the form of a single value
 * @param list the form of a sequence
 * @param writer how values are written; null for the long form
 */
record ScalarCodec(
        String noun,
        @Nullable Codec fields,
        @Nullable Form single,
        @Nullable Form list,
        @Nullable Form writer) implements Codec {
    /** A method, and the codec of what it takes or returns. */
    record Form(Method method, Codec codec) {}

    /** The codec of a type with {@link Scalar} methods, or null if it has none. */
    static @Nullable ScalarCodec of(Class<?> type, @Nullable Codec fields, Function<Type, Codec> codecs) {
        Form single = null;
        Form list = null;
        Form writer = null;
        for (Method method : type.getDeclaredMethods()) {
            if (!method.isAnnotationPresent(Scalar.class)) {
                continue;
            }
            method.setAccessible(true);
            if (!Modifier.isStatic(method.getModifiers())) {
                writer = new Form(method, codecs.apply(method.getGenericReturnType()));
                continue;
            }
            Form form = new Form(method, codecs.apply(method.getGenericParameterTypes()[0]));
            if (form.codec() instanceof SequenceCodec) {
                list = form;
            } else {
                single = form;
            }
        }
        return single == null && list == null
                ? null
                : new ScalarCodec(Names.snake(type.getSimpleName()), fields, single, list, writer);
    }

    @Override
    public Object read(JsonNode node, Place at) {
        if (node.isObject() && fields != null) {
            return fields.read(node, at);
        }
        Form form = node.isArray() ? list : single;
        if (form == null || node.isNull() || node.isObject()) {
            throw at.error("expected a " + noun + ", received " + Codec.shown(node));
        }
        return Invocations.invoke(
                at, () -> form.method().invoke(null, form.codec().read(node, at)));
    }

    @Override
    public JsonNode write(Object value) {
        if (writer != null) {
            Place none = Place.root(Document.of(noun, JsonNodeFactory.instance.nullNode()));
            return writer.codec()
                    .write(Invocations.invoke(none, () -> writer.method().invoke(value)));
        }
        if (fields == null) {
            throw new IllegalArgumentException(noun + " can be read but not written: annotate an instance method");
        }
        return fields.write(value);
    }

    @Override
    public ObjectNode schema(JsonSchema schemas) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        ArrayNode forms = schema.putArray("anyOf");
        if (single != null) {
            forms.add(single.codec().schema(schemas));
        }
        if (list != null) {
            forms.add(list.codec().schema(schemas));
        }
        if (fields != null) {
            forms.add(fields.schema(schemas));
        }
        return forms.size() == 1 ? (ObjectNode) forms.get(0) : schema;
    }
}
