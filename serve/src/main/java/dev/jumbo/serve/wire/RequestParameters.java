package dev.jumbo.serve.wire;

import dev.jumbo.error.InputException;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The {@code parameters} of a request, an input or an output, whatever protocol they came by: names, with texts, numbers or truth values.
 * The specification defines none, so those that nobody here knows are ignored. Those that would change what the answer means, and that
 * this server does not do (state kept between requests, shared memory), are refused.
 */
public final class RequestParameters {
    /** More than that is no request. */
    static final int MAX = 256;

    private static final List<String> STATE = List.of("sequence_id", "sequence_start", "sequence_end");
    private static final String SHARED_MEMORY = "shared_memory_";

    private final Map<String, Object> values = new LinkedHashMap<>();

    /** @param value a Boolean, a String, a Long, a BigInteger or a Double */
    public void put(String name, Object value) {
        if (values.size() == MAX) {
            throw new InputException("expected at most " + MAX + " parameters");
        }
        boolean nothing = value.equals(0L) || value.equals("") || value.equals(false);
        if (STATE.contains(name) && !nothing) {
            throw new InputException("this server can't honour the parameter \"" + name
                    + "\": it keeps nothing of one request for the next; send what belongs together in one");
        }
        if (name.startsWith(SHARED_MEMORY)) {
            throw new InputException("this server can't honour the parameter \"" + name
                    + "\": it reads no memory of its callers; send the values, as binary data if they are many");
        }
        values.put(name, value);
    }

    /** True or false, or null where it is not given. */
    @Nullable
    Boolean truth(String name) {
        Object value = values.get(name);
        if (value == null || value instanceof Boolean) {
            return (Boolean) value;
        }
        throw new InputException("expected true or false as \"" + name + "\", received " + shown(value));
    }

    /** A whole number of 0 or more, or another where none is given. */
    long count(String name, long otherwise) {
        Object value = values.get(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Long whole && whole >= 0) {
            return whole;
        }
        throw new InputException("expected a whole number of 0 or more as \"" + name + "\", received " + shown(value));
    }

    /** What is asked of an output. */
    public InferRequest.Output output(String name) {
        long classes = count("classification", 0);
        if (classes > Integer.MAX_VALUE) {
            throw new InputException("expected a number of classes as \"classification\", received " + classes);
        }
        return new InferRequest.Output(name, truth("binary_data"), (int) classes);
    }

    /** What is asked of the whole request. */
    public InferRequest.Wishes wishes() {
        return new InferRequest.Wishes(
                Boolean.TRUE.equals(truth("binary_data_output")), count("priority", 0), count("timeout", 0));
    }

    private static String shown(Object value) {
        if (!(value instanceof String text)) {
            return value instanceof BigInteger ? "a larger one" : value.toString();
        }
        return "\"" + (text.length() <= 40 ? text : text.substring(0, 40) + "...") + "\"";
    }
}
