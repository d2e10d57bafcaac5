package dev.jumbo.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Trees as text for people: what {@link YamlFile} reads back to the same tree. */
public final class YamlText {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_/][A-Za-z0-9_./-]*");

    /** Words that readers of YAML 1.1 take for something else. */
    private static final Pattern RESERVED =
            Pattern.compile("y|n|yes|no|on|off|true|false|null", Pattern.CASE_INSENSITIVE);

    /** SnakeYAML writes longer ones in braces as it does not read them. */
    private static final int LONGEST_FLAT_KEY = 100;

    /** Made once: a mapper takes longer to make than a tree to write. */
    private static final ObjectWriter INDENTED = indented(new DefaultIndenter("  ", "\n"));

    private YamlText() {}

    private static ObjectWriter indented(DefaultIndenter indent) {
        return new ObjectMapper()
                .writer(new DefaultPrettyPrinter().withObjectIndenter(indent).withArrayIndenter(indent));
    }

    /** Block style, with the innermost lists and mappings of values on one line. */
    public static String yaml(JsonNode tree) {
        DumperOptions options = new DumperOptions();
        options.setWidth(110);
        options.setIndent(2);
        StringWriter out = new StringWriter();
        new Yaml(options).serialize(node(tree), out);
        return out.toString();
    }

    /** Indented JSON that ends with a line break. */
    public static String json(JsonNode tree) {
        try {
            return INDENTED.writeValueAsString(tree) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree that cannot be written", e);
        }
    }

    private static Node node(JsonNode tree) {
        FlowStyle style = isFlat(tree) ? FlowStyle.FLOW : FlowStyle.BLOCK;
        if (tree.isObject()) {
            List<NodeTuple> tuples = new ArrayList<>();
            tree.fields().forEachRemaining(e -> tuples.add(new NodeTuple(text(e.getKey()), node(e.getValue()))));
            return new MappingNode(Tag.MAP, tuples, style);
        }
        if (tree.isArray()) {
            List<Node> values = new ArrayList<>();
            tree.forEach(v -> values.add(node(v)));
            return new SequenceNode(Tag.SEQ, values, style);
        }
        if (tree.isTextual()) {
            return text(tree.textValue());
        }
        return new ScalarNode(tag(tree), scalar(tree), null, null, ScalarStyle.PLAIN);
    }

    private static boolean isFlat(JsonNode tree) {
        for (Iterator<String> keys = tree.fieldNames(); keys.hasNext(); ) {
            if (keys.next().length() > LONGEST_FLAT_KEY) {
                return false;
            }
        }
        for (JsonNode child : tree) {
            if (child.isContainerNode() && !child.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private static Node text(String text) {
        if (text.endsWith("\n") && !text.startsWith(" ")) {
            return new ScalarNode(Tag.STR, text, null, null, ScalarStyle.LITERAL);
        }
        boolean plain = PLAIN.matcher(text).matches() && !RESERVED.matcher(text).matches();
        return new ScalarNode(Tag.STR, text, null, null, plain ? ScalarStyle.PLAIN : ScalarStyle.DOUBLE_QUOTED);
    }

    private static Tag tag(JsonNode tree) {
        if (tree.isNull()) {
            return Tag.NULL;
        }
        return tree.isBoolean() ? Tag.BOOL : tree.isIntegralNumber() ? Tag.INT : Tag.FLOAT;
    }

    private static String scalar(JsonNode tree) {
        if (tree.isFloatingPointNumber() && !Double.isFinite(tree.doubleValue())) {
            double value = tree.doubleValue();
            return Double.isNaN(value) ? ".nan" : value > 0 ? ".inf" : "-.inf";
        }
        return tree.asText();
    }
}
