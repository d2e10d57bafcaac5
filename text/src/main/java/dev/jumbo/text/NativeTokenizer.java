package dev.jumbo.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.config.json.JsonProblem;
import dev.jumbo.error.InputException;
import dev.jumbo.text.sentencepiece.SentencePiece;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** Hugging Face's library behind {@link Tokenizer}. */
final class NativeTokenizer implements Tokenizer {
    /** What the library otherwise does when it is first used: it tells its makers, over the network, that it runs. */
    private static final String NO_CALLS_HOME = "OPT_OUT_TRACKING";

    /** Where it sees a GPU it otherwise looks for a build for it, over the network. */
    private static final String FLAVOR = "RUST_FLAVOR";

    static {
        if (System.getProperty(NO_CALLS_HOME) == null) {
            System.setProperty(NO_CALLS_HOME, "true");
        }
        if (System.getenv(FLAVOR) == null && System.getProperty(FLAVOR) == null) {
            System.setProperty(FLAVOR, "cpu");
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String CHARS_MAP = "precompiled_charsmap";

    /** Largest vocabularies have a million. */
    private static final int MOST_TOKENS = 1 << 26;

    private final HuggingFaceTokenizer library;
    private final int vocabularySize;
    private final int endOfDocument;

    private NativeTokenizer(HuggingFaceTokenizer library, int vocabularySize, int endOfDocument) {
        this.library = library;
        this.vocabularySize = vocabularySize;
        this.endOfDocument = endOfDocument;
    }

    /** @param json what a tokenizer.json says @param name of the files, for errors */
    static NativeTokenizer of(String json, String name, String endOfDocument) {
        JsonNode description = description(json, name);
        requireSoundMaps(description, name);
        int largest = -1;
        int end = -1;
        JsonNode vocabulary = description.path("model").path("vocab");
        // Unigram lists its pieces in order; the others map them to numbers.
        for (var entry : vocabulary.properties()) {
            int number = number(entry.getValue(), entry.getKey(), name);
            largest = Math.max(largest, number);
            end = entry.getKey().equals(endOfDocument) ? number : end;
        }
        if (vocabulary.isArray()) {
            for (JsonNode piece : vocabulary) {
                largest++;
                end = piece.path(0).asText().equals(endOfDocument) ? largest : end;
            }
        }
        for (JsonNode added : description.path("added_tokens")) {
            int number = number(added.path("id"), added.path("content").asText(), name);
            largest = Math.max(largest, number);
            end = added.path("content").asText().equals(endOfDocument) ? number : end;
        }
        if (largest < 0) {
            throw new InputException(
                    "expected a tokenizer in " + name + ", found no vocabulary; give a Hugging Face tokenizer.json");
        }
        if (end < 0) {
            throw new InputException("the tokenizer " + name + " has no token \"" + endOfDocument
                    + "\"; name in end_of_document the one that ends a document");
        }
        // What was checked is what the library reads, whatever it makes of keys that are there twice.
        return new NativeTokenizer(library(description.toString(), name), largest + 1, end);
    }

    private static JsonNode description(String json, String name) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new InputException("expected the JSON of a tokenizer in " + name + ": " + JsonProblem.of(e), e);
        }
    }

    /** The library ends the process, and not the call, where a table of replacements is damaged. */
    private static void requireSoundMaps(JsonNode node, String name) {
        JsonNode map = node.path(CHARS_MAP);
        if (node.path("type").asText().equals("Precompiled") || !map.isMissingNode()) {
            try {
                SentencePiece.requireSoundMap(bytes(map.isTextual() ? map.textValue() : ""));
            } catch (IllegalArgumentException | InputException e) {
                String why = e instanceof InputException ? String.valueOf(e.getMessage()) : "expected base64";
                throw new InputException("the tokenizer " + name + ": " + CHARS_MAP + ": " + why, e);
            }
        }
        node.forEach(child -> requireSoundMaps(child, name));
    }

    /** What base64 says, written as an encoder writes it: the library does not take other spellings of the same bytes. */
    private static byte[] bytes(String base64) {
        byte[] bytes = Base64.getDecoder().decode(base64);
        if (!Base64.getEncoder().encodeToString(bytes).equals(base64)) {
            throw new IllegalArgumentException("bits behind the last byte");
        }
        return bytes;
    }

    /** A token's number, from 0; vocabularies have as many as the largest says, so it is bounded. */
    private static int number(JsonNode number, String token, String name) {
        if (!number.isIntegralNumber()
                || !number.canConvertToInt()
                || number.intValue() < 0
                || number.intValue() >= MOST_TOKENS) {
            throw new InputException("the tokenizer " + name + ": expected a number from 0 to " + (MOST_TOKENS - 1)
                    + " for the token \"" + token + "\", received " + number);
        }
        return number.intValue();
    }

    private static HuggingFaceTokenizer library(String json, String name) {
        Map<String, String> options =
                Map.of("addSpecialTokens", "false", "truncation", "DO_NOT_TRUNCATE", "padding", "DO_NOT_PAD");
        try {
            return HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), options);
        } catch (RuntimeException e) { // the native library throws nothing narrower
            throw new InputException("the tokenizer " + name + " does not open: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // It is read from memory.
        }
    }

    @Override
    public int[] encode(String text) {
        long[] ids;
        try {
            ids = library.encode(text, false, false).getIds();
        } catch (RuntimeException e) { // as above: of a vocabulary without its own unknown token, for one
            throw cannot("encode a text", e);
        }
        int[] tokens = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            tokens[i] = (int) ids[i];
        }
        return tokens;
    }

    private static InputException cannot(String what, RuntimeException e) {
        return new InputException(
                "the tokenizer cannot " + what + ": " + e.getMessage() + "; mend its tokenizer.json or vocabulary", e);
    }

    @Override
    public String decode(int[] tokens) {
        long[] ids = new long[tokens.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = tokens[i];
        }
        try {
            return library.decode(ids, true);
        } catch (RuntimeException e) {
            throw cannot("decode tokens", e);
        }
    }

    @Override
    public int vocabularySize() {
        return vocabularySize;
    }

    @Override
    public int endOfDocument() {
        return endOfDocument;
    }

    @Override
    public void close() {
        library.close();
    }
}
