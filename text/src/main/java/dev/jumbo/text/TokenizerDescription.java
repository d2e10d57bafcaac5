package dev.jumbo.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.config.json.JsonProblem;
import dev.jumbo.error.InputException;
import dev.jumbo.text.sentencepiece.SentencePiece;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code tokenizer.json} says, checked before the library reads it.
 *
 * @param json all of it
 * @param name of the file, for errors
 * @param ids of all tokens by their texts
 * @param tokens texts by their ids; null where there is none
 * @param special ids of marks
 * @param marks what stands around texts
 */
record TokenizerDescription(
        JsonNode json,
        String name,
        Map<String, Integer> ids,
        List<@Nullable String> tokens,
        Set<Integer> special,
        int endOfDocument,
        Marks marks) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CHARS_MAP = "precompiled_charsmap";

    /** Largest vocabularies have a million. */
    private static final int MOST_TOKENS = 1 << 26;

    /** Numbers without a token. */
    private static final int GAPS = 1 << 16;

    private static final Map<String, Set<String>> KNOWN = Map.of(
            "normalizer",
            Set.of(
                    "BertNormalizer",
                    "Strip",
                    "StripAccents",
                    "NFC",
                    "NFD",
                    "NFKC",
                    "NFKD",
                    "Sequence",
                    "Lowercase",
                    "Nmt",
                    "Precompiled",
                    "Replace",
                    "Prepend",
                    "ByteLevel"),
            "pre_tokenizer",
            Set.of(
                    "BertPreTokenizer",
                    "ByteLevel",
                    "Delimiter",
                    "CharDelimiterSplit",
                    "Metaspace",
                    "Whitespace",
                    "Sequence",
                    "Split",
                    "Punctuation",
                    "WhitespaceSplit",
                    "Digits",
                    "UnicodeScripts",
                    "FixedLength"),
            "post_processor",
            Set.of("RobertaProcessing", "BertProcessing", "ByteLevel", "TemplateProcessing", "Sequence"),
            "decoder",
            Set.of(
                    "BPEDecoder",
                    "ByteLevel",
                    "WordPiece",
                    "Metaspace",
                    "CTC",
                    "Sequence",
                    "Replace",
                    "Fuse",
                    "Strip",
                    "ByteFallback"),
            "model",
            Set.of("BPE", "WordPiece", "WordLevel", "Unigram"));

    private static final Set<String> PARTS = Set.of(
            "version",
            "truncation",
            "padding",
            "added_tokens",
            "normalizer",
            "pre_tokenizer",
            "post_processor",
            "decoder",
            "model");

    /** Where the library stopped, counted in bytes of what {@link #json} writes. */
    private static final Pattern PLACE = Pattern.compile(" at line 1 column (\\d+)$");

    private static final Map<String, String> INSIDE = Map.of(
            "normalizer", "normalizers",
            "pre_tokenizer", "pretokenizers",
            "post_processor", "processors",
            "decoder", "decoders");

    static TokenizerDescription of(String text, String name, String endOfDocument) {
        JsonNode json = parsed(text, name);
        for (var part : json.properties()) {
            if (!PARTS.contains(part.getKey())) {
                throw new InputException("the tokenizer " + name + ": unknown part \"" + part.getKey()
                        + "\"; known are " + PARTS.stream().sorted().toList());
            }
        }
        KNOWN.forEach((part, types) -> requireKnown(json.path(part), part, types, name));
        requireSoundMaps(json, name);
        Map<String, Integer> ids = new HashMap<>();
        int largest = -1;
        JsonNode vocabulary = json.path("model").path("vocab");
        // Unigram lists its pieces in order; the others map them to numbers.
        for (var entry : vocabulary.properties()) {
            int id = number(entry.getValue(), entry.getKey(), name);
            ids.put(entry.getKey(), id);
            largest = Math.max(largest, id);
        }
        int place = 0;
        if (vocabulary.isArray()) {
            for (JsonNode piece : vocabulary) {
                ids.put(piece.path(0).asText(), place++);
            }
        }
        int size = place;
        Set<Integer> special = new HashSet<>();
        int vocabularySize = ids.size();
        int counted = vocabularySize;
        for (JsonNode added : json.path("added_tokens")) {
            String content = added.path("content").asText();
            int id = number(added.path("id"), content, name);
            Integer before = ids.put(content, id);
            if (before != null && before != id) {
                throw new InputException("the tokenizer " + name + ": the token \"" + content + "\" has the number "
                        + id + " among added_tokens and " + before + " in the vocabulary; expected the same");
            }
            // The library counts, whatever the file says: of another number it would give other ids than the file
            // names.
            if (before == null && id != counted && !content.isEmpty()) {
                throw new InputException(
                        "the tokenizer " + name + ": the token \"" + content + "\" has the number " + id
                                + " among added_tokens, where Hugging Face's library counts " + counted
                                + ": one behind the other, in the order of the file, behind the " + vocabularySize
                                + " of the vocabulary; put the tokens there that are missing, or the number that the model knows");
            }
            counted = Math.max(counted, id + 1);
            largest = Math.max(largest, id);
            if (added.path("special").asBoolean()) {
                special.add(id);
            }
        }
        size = Math.max(size, largest + 1);
        if (size == 0) {
            throw new InputException(
                    "expected a tokenizer in " + name + ", found no vocabulary; give a Hugging Face tokenizer.json");
        }
        Integer end = ids.get(endOfDocument);
        if (end == null) {
            throw new InputException("the tokenizer " + name + " has no token \"" + endOfDocument
                    + "\"; name in end_of_document the one that ends a document");
        }
        if (size > GAPS + 2 * ids.size()) {
            throw new InputException(
                    "the tokenizer " + name + ": expected numbers of tokens without wide gaps, received " + ids.size()
                            + " tokens with numbers up to " + (size - 1));
        }
        String[] tokens = new String[size];
        // A token may be in the vocabulary and among the added ones under another number.
        for (var entry : vocabulary.properties()) {
            tokens[entry.getValue().intValue()] = entry.getKey();
        }
        for (int id = 0; id < place; id++) {
            tokens[id] = vocabulary.get(id).path(0).asText();
        }
        ids.forEach((token, id) -> tokens[id] = token);
        Marks marks = Marks.of(json.path("post_processor"), name);
        if (marks.largest() >= size) {
            throw new InputException(
                    "the tokenizer " + name + ": post_processor: there is no token " + marks.largest());
        }
        return new TokenizerDescription(json, name, ids, Arrays.asList(tokens), special, end, marks);
    }

    /** What the library says of a description that it refuses, with the part in the place of a number that no file has. */
    String inPart(String refusal) {
        Matcher place = PLACE.matcher(refusal);
        if (!place.find() || place.group(1).length() > 9) {
            return refusal;
        }
        int column = Integer.parseInt(place.group(1));
        String why = refusal.substring(0, place.start());
        int at = 1;
        for (var part : json.properties()) {
            // A name in quotes, a colon, the value, and a comma or the end.
            at += part.getKey().length() + 4 + part.getValue().toString().getBytes(StandardCharsets.UTF_8).length;
            if (column <= at) {
                return part.getKey() + ": " + why;
            }
        }
        return why;
    }

    private static JsonNode parsed(String json, String name) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new InputException("expected the JSON of a tokenizer in " + name + ": " + JsonProblem.of(e), e);
        }
    }

    private static void requireKnown(JsonNode part, String what, Set<String> types, String name) {
        if (part.isMissingNode() || part.isNull()) {
            return;
        }
        if (!part.isObject()) {
            throw new InputException(
                    "the tokenizer " + name + ": expected a " + what + " as an object with a type, or null, received "
                            + part.getNodeType().name().toLowerCase(Locale.ROOT));
        }
        String type = part.path("type").asText();
        // Old files do not say which model they are.
        if (!types.contains(type) && !(type.isEmpty() && what.equals("model"))) {
            throw new InputException("the tokenizer " + name + ": unknown " + what + " \"" + type + "\"; known are "
                    + types.stream().sorted().toList());
        }
        for (JsonNode each : part.path(INSIDE.getOrDefault(what, ""))) {
            requireKnown(each, what, types, name);
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

    /** The token of an id. @throws InputException if there is none */
    String token(int id) {
        requireKnown(id);
        String token = tokens.get(id);
        return token == null ? "" : token;
    }

    void requireKnown(int id) {
        if (id < 0 || id >= tokens.size()) {
            throw new InputException("expected tokens from 0 to " + (tokens.size() - 1) + ", received " + id
                    + ": the tokenizer " + name + " has no others");
        }
    }
}
