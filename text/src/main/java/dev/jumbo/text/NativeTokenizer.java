package dev.jumbo.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.error.InputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Hugging Face's library behind {@link Tokenizer}. */
final class NativeTokenizer implements Tokenizer {
    /** What the library otherwise does when it is first used: it tells its makers, over the network, that it runs. */
    private static final String NO_CALLS_HOME = "OPT_OUT_TRACKING";

    static {
        if (System.getProperty(NO_CALLS_HOME) == null) {
            System.setProperty(NO_CALLS_HOME, "true");
        }
    }

    private final HuggingFaceTokenizer library;
    private final int vocabularySize;
    private final int endOfDocument;

    private NativeTokenizer(HuggingFaceTokenizer library, int vocabularySize, int endOfDocument) {
        this.library = library;
        this.vocabularySize = vocabularySize;
        this.endOfDocument = endOfDocument;
    }

    /** @param json what a tokenizer.json says @param name of the files, for errors */
    static NativeTokenizer of(String json, String name, String endOfDocument) throws IOException {
        JsonNode description = new ObjectMapper().readTree(json);
        int largest = -1;
        int end = -1;
        JsonNode vocabulary = description.path("model").path("vocab");
        // Unigram lists its pieces in order; the others map them to numbers.
        for (var entry : vocabulary.properties()) {
            largest = Math.max(largest, entry.getValue().intValue());
            end = entry.getKey().equals(endOfDocument) ? entry.getValue().intValue() : end;
        }
        if (vocabulary.isArray()) {
            for (JsonNode piece : vocabulary) {
                largest++;
                end = piece.path(0).asText().equals(endOfDocument) ? largest : end;
            }
        }
        for (JsonNode added : description.path("added_tokens")) {
            int number = added.path("id").intValue();
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
        return new NativeTokenizer(library(json, name), largest + 1, end);
    }

    private static HuggingFaceTokenizer library(String json, String name) throws IOException {
        Map<String, String> options =
                Map.of("addSpecialTokens", "false", "truncation", "DO_NOT_TRUNCATE", "padding", "DO_NOT_PAD");
        try {
            return HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), options);
        } catch (RuntimeException e) { // the native library throws nothing narrower
            throw new InputException("the tokenizer " + name + " does not open: " + e.getMessage(), e);
        }
    }

    @Override
    public int[] encode(String text) {
        long[] ids = library.encode(text, false, false).getIds();
        int[] tokens = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            tokens[i] = (int) ids[i];
        }
        return tokens;
    }

    @Override
    public String decode(int[] tokens) {
        long[] ids = new long[tokens.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = tokens[i];
        }
        return library.decode(ids, true);
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
