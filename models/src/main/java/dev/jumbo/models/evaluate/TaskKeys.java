package dev.jumbo.models.evaluate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.error.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A mapping of a task file. A key that is not there, or null, has its standard; a value of another type is refused.
 *
 * @param where it is, which errors begin with
 * @param tree the mapping, or a missing node for none
 */
record TaskKeys(String where, JsonNode tree) {
    TaskKeys {
        if (!tree.isObject() && !tree.isMissingNode()) {
            throw new InputException(where + "expected a mapping of keys, received " + Shown.begin(tree));
        }
    }

    InputException wrong(String what) {
        return new InputException(where + what);
    }

    /** Refuses keys that say something and are neither read nor passed over. */
    void requireKnown(Set<String> read, Set<String> passed) {
        Set<String> all = new TreeSet<>(read);
        all.addAll(passed);
        tree.fields().forEachRemaining(entry -> {
            JsonNode value = entry.getValue();
            boolean says =
                    !(value.isNull() || (value.isTextual() && value.textValue().isEmpty()));
            if (!all.contains(entry.getKey()) && says) {
                throw wrong("key " + entry.getKey() + " is not known here" + Nearest.hint(entry.getKey(), all)
                        + "; known are " + all);
            }
        });
    }

    /** A value; a missing node where there is none. */
    JsonNode get(String key) {
        JsonNode value = tree.path(key);
        return value.isNull() ? MissingNode.getInstance() : value;
    }

    boolean has(String key) {
        return !get(key).isMissingNode();
    }

    TaskKeys mapping(String key) {
        return new TaskKeys(where + key + ": ", get(key));
    }

    /** The mappings of a list; none where there is none. */
    List<TaskKeys> mappings(String key) {
        JsonNode list = get(key);
        if (!list.isArray() && !list.isMissingNode()) {
            throw wrong(key + ": expected a list of mappings (- name: ...), received " + Shown.begin(list));
        }
        List<TaskKeys> mappings = new ArrayList<>();
        list.forEach(one -> mappings.add(new TaskKeys(where + key + ": ", one)));
        return mappings;
    }

    @Nullable
    String textOrNull(String key) {
        JsonNode value = get(key);
        if (value.isContainerNode()) {
            throw wrong(key + ": expected a text, received " + Shown.begin(value));
        }
        return value.isMissingNode() ? null : value.asText();
    }

    String text(String key, String standard) {
        String text = textOrNull(key);
        return text == null ? standard : text;
    }

    /** A text, or several; none where there are none. */
    List<String> texts(String key) {
        return texts(get(key));
    }

    private List<String> texts(JsonNode node) {
        List<String> texts = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(one -> texts.addAll(texts(one)));
        } else if (node.isValueNode()) {
            texts.add(node.asText());
        } else if (!node.isMissingNode()) {
            throw wrong("expected texts, received " + Shown.begin(node));
        }
        return texts;
    }

    boolean flag(String key) {
        JsonNode value = get(key);
        if (!value.isBoolean() && !value.isMissingNode()) {
            throw wrong(key + ": expected true or false, received " + Shown.begin(value));
        }
        return value.asBoolean();
    }

    int whole(String key, int least, int standard) {
        JsonNode value = get(key);
        if (value.isMissingNode()) {
            return standard;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < least) {
            throw wrong(
                    key + ": expected a whole number" + (least == Integer.MIN_VALUE ? "" : " of " + least + " or more")
                            + ", received " + Shown.begin(value));
        }
        return value.intValue();
    }
}
