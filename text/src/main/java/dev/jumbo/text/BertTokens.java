package dev.jumbo.text;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** BERT's WordPiece (Devlin et al. 2019) from its {@code vocab.txt}: a token a line, its id the number of the line from 0. */
@Kind("bert")
public record BertTokens(
        @Doc("vocab.txt.") Path vocabulary,

        @Doc("Whether capitals and accents go: the uncased models.") @Default("true")
        boolean lowercase,

        @Doc("The token that ends a document.") @Default("\"[SEP]\"")
        String endOfDocument)
        implements TokenizerConfig {
    private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

    @Override
    public List<Path> files() {
        return List.of(vocabulary);
    }

    @Override
    public BertTokens withFiles(List<Path> places) {
        return new BertTokens(places.get(0), lowercase, endOfDocument);
    }

    @Override
    public Tokenizer open() {
        return NativeTokenizer.of(description().toString(), vocabulary.toString(), endOfDocument);
    }

    private Map<String, Integer> ids() {
        List<String> lines;
        try {
            lines = new ArrayList<>(Files.readAllLines(vocabulary));
        } catch (CharacterCodingException e) {
            throw new InputException("expected a vocab.txt in UTF-8 at " + vocabulary + ", found other bytes", e);
        } catch (IOException e) {
            throw new InputException(
                    "cannot read " + vocabulary + " (" + e.getMessage()
                            + "); expected BERT's vocab.txt, a token a line",
                    e);
        }
        while (!lines.isEmpty() && lines.get(lines.size() - 1).isEmpty()) {
            lines.remove(lines.size() - 1);
        }
        Map<String, Integer> ids = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            Integer before = ids.put(lines.get(i), i);
            if (before != null) {
                throw new InputException(vocabulary + ", line " + (i + 1) + ": the token \"" + lines.get(i)
                        + "\" is there already, in line " + (before + 1));
            }
        }
        for (String needed : List.of("[UNK]", endOfDocument)) {
            if (!ids.containsKey(needed)) {
                throw new InputException("expected the token \"" + needed + "\" in " + vocabulary + ", which has "
                        + ids.size() + " lines; give BERT's vocab.txt");
            }
        }
        return ids;
    }

    /** What a tokenizer.json says of the same tokenizer. */
    private ObjectNode description() {
        Map<String, Integer> ids = ids();
        ObjectNode root = new ObjectMapper().createObjectNode().put("version", "1.0");
        ArrayNode added = root.putArray("added_tokens");
        for (String token : SPECIAL) {
            if (ids.containsKey(token)) {
                added.addObject()
                        .put("id", ids.get(token))
                        .put("content", token)
                        .put("single_word", false)
                        .put("lstrip", false)
                        .put("rstrip", false)
                        .put("normalized", false)
                        .put("special", true);
            }
        }
        ObjectNode normalizer = root.putObject("normalizer");
        normalizer.put("type", "BertNormalizer").put("clean_text", true).put("handle_chinese_chars", true);
        normalizer.putNull("strip_accents").put("lowercase", lowercase);
        root.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        if (ids.containsKey("[CLS]") && ids.containsKey("[SEP]")) {
            ObjectNode marks = root.putObject("post_processor").put("type", "BertProcessing");
            marks.putArray("sep").add("[SEP]").add(ids.get("[SEP]"));
            marks.putArray("cls").add("[CLS]").add(ids.get("[CLS]"));
        }
        root.putObject("decoder").put("type", "WordPiece").put("prefix", "##").put("cleanup", true);
        ObjectNode model = root.putObject("model").put("type", "WordPiece").put("unk_token", "[UNK]");
        model.put("continuing_subword_prefix", "##").put("max_input_chars_per_word", 100);
        ObjectNode vocab = model.putObject("vocab");
        ids.forEach(vocab::put);
        return root;
    }
}
