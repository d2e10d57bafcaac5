package dev.jumbo.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.Event.ID;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.reader.ReaderException;

/**
 * Reads YAML 1.2, and JSON as a part of it, into a tree with the line of every key. For files of strangers too: nothing
 * but plain values is made (no tags), and size, depth and the values that aliases repeat are limited.
 */
public final class YamlFile {
    /** Larger than any configuration or model description; 8 Mi characters. */
    private static final int MAX_CHARACTERS = 8 << 20;

    private static final int MAX_DEPTH = 100;

    /** Values in the tree, those that aliases repeat included ("billion laughs"). */
    private static final int MAX_VALUES = 1_000_000;

    /** SnakeYAML's limit is 1,024 characters up to the colon. */
    private static final int LONGEST_KEY = 1000;

    /** Characters that one may take in JSON. */
    private static final int MOST_ESCAPED = 6;

    /** Characters of the paths of all values: a long key over many values is in the path of each. */
    private static final long MAX_PATHS = 1L << 26;

    private final String name;
    private final Iterator<Event> events;
    private final Map<String, String> origins = new HashMap<>();
    private final Map<String, JsonNode> anchors = new HashMap<>();
    private int values;
    private long paths;

    private YamlFile(String name, Iterator<Event> events) {
        this.name = name;
        this.events = events;
    }

    /**
     * @throws InputException if there is no such file, or it is not YAML; with file and line
     * @throws FailureException if the file cannot be read
     */
    public static ConfigDocument read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new InputException("there is no file " + file + ": check the path");
        }
        try {
            if (Files.size(file) > MAX_CHARACTERS) {
                throw new InputException(file + ": expected at most " + MAX_CHARACTERS + " bytes, received "
                        + Files.size(file) + ": this is not a configuration");
            }
            return parse(file.toString(), Files.readString(file));
        } catch (CharacterCodingException e) {
            throw new InputException(file + ": expected UTF-8 text, received other bytes", e);
        } catch (IOException e) {
            throw new FailureException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** As {@link #read}, of a text. @param name that errors name, such as the file */
    public static ConfigDocument parse(String name, String text) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_CHARACTERS);
        try {
            YamlFile reader = new YamlFile(
                    name, new Yaml(options).parse(new StringReader(text)).iterator());
            JsonNode tree = reader.document();
            return new ConfigDocument(name, tree, reader.origins);
        } catch (MarkedYAMLException e) {
            String problem = e.getProblem() == null ? "not YAML" : e.getProblem();
            throw new InputException(at(name, e.getProblemMark()) + ": " + oneLine(problem), e);
        } catch (ReaderException e) {
            throw new InputException(
                    name + ": expected text, received the control character "
                            + String.format(Locale.ROOT, "U+%04X", e.getCodePoint()) + " as character "
                            + (e.getPosition() + 1) + ": is it a YAML file in UTF-8?",
                    e);
        } catch (NumberFormatException e) {
            // SnakeYAML's own, of \\u at the end of the text and of \\U80000000.
            throw new InputException(
                    name
                            + ": expected escapes of characters such as \\u00e4 in quotes, received one that is cut off or no"
                            + " character: write \\\\ for a backslash",
                    e);
        } catch (YAMLException e) {
            throw new InputException(name + ": " + oneLine(String.valueOf(e.getMessage())), e);
        }
    }

    private JsonNode document() {
        JsonNode tree = JsonNodeFactory.instance.nullNode();
        boolean seen = false;
        while (events.hasNext()) {
            Event event = events.next();
            if (event instanceof DocumentStartEvent) {
                if (seen) {
                    throw error(event, "expected one document, received another: remove the line ---");
                }
                seen = true;
                tree = value(events.next(), "", 0);
            }
        }
        return tree;
    }

    private JsonNode value(Event event, String path, int depth) {
        paths += path.length();
        if (paths > MAX_PATHS) {
            throw error(event, "expected shorter keys, or fewer values below long ones");
        }
        origins.putIfAbsent(path, at(name, event.getStartMark()));
        if (depth > MAX_DEPTH) {
            throw error(event, "expected values nested at most " + MAX_DEPTH + " deep");
        }
        if (event instanceof AliasEvent alias) {
            return repeated(alias, depth);
        }
        count(event, 1);
        JsonNode node;
        if (event instanceof ScalarEvent scalar) {
            refuseTag(event, scalar.getTag());
            node = scalar.getScalarStyle() == ScalarStyle.PLAIN
                    ? CoreSchema.resolve(scalar.getValue())
                    : JsonNodeFactory.instance.textNode(scalar.getValue());
        } else if (event instanceof SequenceStartEvent sequence) {
            refuseTag(event, sequence.getTag());
            node = sequence(path, depth);
        } else if (event instanceof MappingStartEvent mapping) {
            refuseTag(event, mapping.getTag());
            node = mapping(path, depth);
        } else {
            throw error(event, "expected a value, received " + event.getEventId());
        }
        String anchor = ((NodeEvent) event).getAnchor();
        if (anchor != null) {
            anchors.put(anchor, node);
        }
        return node;
    }

    private ArrayNode sequence(String path, int depth) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (Event next = events.next(); !next.is(ID.SequenceEnd); next = events.next()) {
            array.add(value(next, child(path, Integer.toString(array.size())), depth + 1));
        }
        return array;
    }

    private ObjectNode mapping(String path, int depth) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (Event next = events.next(); !next.is(ID.MappingEnd); next = events.next()) {
            if (!(next instanceof ScalarEvent key)) {
                throw error(next, "expected a key of plain text");
            }
            refuseTag(key, key.getTag());
            requireShort(key);
            String at = child(path, key.getValue());
            if (object.has(key.getValue())) {
                throw error(
                        key,
                        "the key \"" + key.getValue() + "\" is already there, from " + origins.get(at)
                                + ": keep one of them");
            }
            origins.put(at, at(name, key.getStartMark()));
            object.set(key.getValue(), value(events.next(), at, depth + 1));
        }
        return object;
    }

    /** A longer one would have to be written with a question mark, which JSON does not have. */
    private void requireShort(ScalarEvent key) {
        int length = key.getValue().length();
        if (length > LONGEST_KEY / MOST_ESCAPED
                && YamlText.json(JsonNodeFactory.instance.textNode(key.getValue()))
                                .length()
                        > LONGEST_KEY) {
            throw error(key, "expected a key of at most " + LONGEST_KEY + " characters, received " + length);
        }
    }

    private JsonNode repeated(AliasEvent alias, int depth) {
        JsonNode anchored = anchors.get(alias.getAnchor());
        if (anchored == null) {
            throw error(alias, "there is no finished value &" + alias.getAnchor() + " before *" + alias.getAnchor());
        }
        if (depth + height(anchored) > MAX_DEPTH) {
            throw error(alias, "expected values nested at most " + MAX_DEPTH + " deep, aliases included");
        }
        count(alias, size(anchored));
        return anchored.deepCopy();
    }

    private void count(Event event, int more) {
        values += more;
        if (values > MAX_VALUES) {
            throw error(event, "expected at most " + MAX_VALUES + " values, aliases included");
        }
    }

    private static int size(JsonNode node) {
        int size = 1;
        for (JsonNode child : node) {
            size += size(child);
        }
        return size;
    }

    /** How deep values are nested in one; no deeper than the limit, as all that was read. */
    private static int height(JsonNode node) {
        int height = 0;
        for (JsonNode child : node) {
            height = Math.max(height, 1 + height(child));
        }
        return height;
    }

    private void refuseTag(Event event, @Nullable String tag) {
        if (tag != null) {
            throw error(event, "expected a plain value, received the tag " + tag + ": tags are not read");
        }
    }

    private InputException error(Event event, String problem) {
        return new InputException(at(name, event.getStartMark()) + ": " + problem);
    }

    private static String at(String name, @Nullable Mark mark) {
        return mark == null ? name : name + ":" + (mark.getLine() + 1);
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").trim();
    }

    static String child(String path, String key) {
        return path.isEmpty() ? key : path + "/" + key;
    }
}
