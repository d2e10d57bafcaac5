package dev.jumbo.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Byte-level byte-pair encoding from GPT-2's two files (Radford et al. 2019): the vocabulary with the number of every
 * token, and the merges in the order of their rank.
 */
@Kind("gpt2")
public record Gpt2Tokens(
        @Doc("vocab.json, or GPT-2's encoder.json.") Path vocabulary,
        @Doc("merges.txt, or GPT-2's vocab.bpe.") Path merges,

        @Doc("The token that ends a document.") @Default("<|endoftext|>")
        String endOfDocument)
        implements TokenizerConfig {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public List<Path> files() {
        return List.of(vocabulary, merges);
    }

    @Override
    public Gpt2Tokens withFiles(List<Path> places) {
        return new Gpt2Tokens(places.get(0), places.get(1), endOfDocument);
    }

    @Override
    public Tokenizer open() {
        try {
            return NativeTokenizer.of(description().toString(), vocabulary + " and " + merges, endOfDocument);
        } catch (IOException e) {
            throw new InputException(
                    "cannot read " + vocabulary + " and " + merges + " (" + e.getMessage()
                            + "); expected GPT-2's vocabulary as JSON, and its merges, a pair a line",
                    e);
        }
    }

    /** What a tokenizer.json says of the same tokenizer. */
    private ObjectNode description() throws IOException {
        // As characters: of bytes the parser takes no name with a character beyond U+FFFF that is escaped.
        JsonNode numbers = JSON.readTree(Files.readString(vocabulary));
        if (numbers == null
                || !numbers.isObject()
                || !numbers.path(endOfDocument).isInt()) {
            throw new InputException("expected in " + vocabulary + " an object of tokens with their numbers, \""
                    + endOfDocument + "\" among them");
        }
        ObjectNode root = JSON.createObjectNode().put("version", "1.0");
        root.putArray("added_tokens")
                .addObject()
                .put("id", numbers.get(endOfDocument).intValue())
                .put("content", endOfDocument)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
        for (String part : new String[] {"pre_tokenizer", "decoder"}) {
            root.putObject(part)
                    .put("type", "ByteLevel")
                    .put("add_prefix_space", false)
                    .put("trim_offsets", true)
                    .put("use_regex", true);
        }
        ObjectNode model = root.putObject("model").put("type", "BPE");
        model.set("vocab", numbers);
        ArrayNode pairs = model.putArray("merges");
        for (String line : Files.readAllLines(merges)) {
            if (!line.isBlank() && !line.startsWith("#version")) {
                pairs.add(line);
            }
        }
        return root;
    }
}
