package dev.jumbo.text.split;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** Rules that tokenizers of bytes divide texts by, with what a {@code tokenizer.json} says of them. */
public enum WordRules {
    /** GPT-2's. */
    GPT2("", ""),
    /** GPT-4's (tiktoken's cl100k_base): as Llama 3's, but that white space at the end of a text is one piece. */
    CL100K("\\s+\\z|", regex("\\p{N}{1,3}")),
    /** GPT-4o's (tiktoken's o200k_base). */
    O200K("", CasedWords.REGEX),
    /** Llama 3's: numbers by three digits. */
    LLAMA3("", regex("\\p{N}{1,3}")),
    /** Qwen 2's: as Llama 3's, each digit alone. */
    QWEN2("", regex("\\p{N}")),
    /** SmolLM's: as GPT-2's, each digit alone. */
    SMOLLM("", ""),
    /** Not at all. */
    NONE("", "");

    private final String regex;

    WordRules(String end, String regex) {
        this.regex = regex.replace("\\s*[", end + "\\s*[");
    }

    private static String regex(String numbers) {
        return "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|" + numbers
                + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    }

    /** What divides. */
    public Splitter splitter() {
        return switch (this) {
            case GPT2 -> new Gpt2Words();
            case CL100K -> new Llama3Words(3, true);
            case O200K -> new CasedWords();
            case LLAMA3 -> new Llama3Words(3, false);
            case QWEN2 -> new Llama3Words(1, false);
            case SMOLLM -> new SingleDigits(new Gpt2Words());
            case NONE -> new Undivided();
        };
    }

    /** The {@code pre_tokenizer} that divides so and writes bytes as characters. */
    public ObjectNode preTokenizer() {
        return switch (this) {
            case GPT2 -> byteLevel(true);
            case NONE -> byteLevel(false);
            case SMOLLM -> {
                ObjectNode digits = JsonNodeFactory.instance
                        .objectNode()
                        .put("type", "Digits")
                        .put("individual_digits", true);
                yield sequence(digits, byteLevel(true));
            }
            case CL100K, O200K, LLAMA3, QWEN2 -> {
                ObjectNode split = JsonNodeFactory.instance.objectNode().put("type", "Split");
                split.putObject("pattern").put("Regex", regex);
                yield sequence(split.put("behavior", "Isolated").put("invert", false), byteLevel(false));
            }
        };
    }

    private static ObjectNode sequence(ObjectNode first, ObjectNode second) {
        ObjectNode sequence = JsonNodeFactory.instance.objectNode().put("type", "Sequence");
        sequence.putArray("pretokenizers").add(first).add(second);
        return sequence;
    }

    /** The part of a {@code tokenizer.json} that writes bytes as characters, and divides by GPT-2's words or not. */
    public static ObjectNode byteLevel(boolean words) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", words);
    }

    /** The rules that a {@code pre_tokenizer} names; none where it is another. */
    public static Optional<WordRules> of(JsonNode preTokenizer) {
        for (WordRules rules : values()) {
            if (same(rules.preTokenizer(), preTokenizer)) {
                return Optional.of(rules);
            }
        }
        return Optional.empty();
    }

    /** Offsets do not matter here; what is not said is as the library takes it. */
    private static boolean same(JsonNode known, JsonNode given) {
        if (known.isObject()) {
            for (var entry : known.properties()) {
                JsonNode other = given.path(entry.getKey());
                boolean unsaid = other.isMissingNode() && entry.getKey().equals("use_regex");
                boolean matters = !entry.getKey().equals("trim_offsets");
                if (matters && !(unsaid ? entry.getValue().asBoolean() : same(entry.getValue(), other))) {
                    return false;
                }
            }
            return given.isObject();
        }
        if (known.isArray()) {
            if (!given.isArray() || given.size() != known.size()) {
                return false;
            }
            for (int i = 0; i < known.size(); i++) {
                if (!same(known.get(i), given.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return known.equals(given);
    }
}
