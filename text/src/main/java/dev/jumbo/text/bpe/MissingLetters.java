package dev.jumbo.text.bpe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.error.InputException;
import dev.jumbo.text.split.ByteLetters;
import dev.jumbo.text.split.LetterKinds;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a vocabulary of merged pairs has no token for. The library leaves such a character out without a word where there is no {@code unk_token}; here it is an
 * error.
 */
public final class MissingLetters {
    /** Those that part words and leave out white space. */
    private static final Set<String> BLANKS_GO = Set.of("Whitespace", "WhitespaceSplit", "BertPreTokenizer");

    /** Those that part words and leave out nothing. */
    private static final Set<String> ALL_STAYS = Set.of("ByteLevel", "Punctuation", "Digits", "Split");

    /** Characters, or letters of bytes. */
    private final BitSet known = new BitSet();

    private final boolean ofBytes;
    private final boolean blanksGo;
    private final MarkedTexts added;
    private final String name;

    private MissingLetters(JsonNode json, String name, boolean ofBytes, boolean blanksGo) {
        this.ofBytes = ofBytes;
        this.blanksGo = blanksGo;
        this.name = name;
        json.path("model").path("vocab").fieldNames().forEachRemaining(token -> {
            if (token.codePointCount(0, token.length()) == 1) {
                known.set(token.codePointAt(0));
            }
        });
        Map<String, Integer> contents = new HashMap<>();
        for (JsonNode each : json.path("added_tokens")) {
            if (!each.path("content").asText().isEmpty()) {
                contents.put(each.path("content").asText(), each.path("id").intValue());
            }
        }
        added = new MarkedTexts(contents);
    }

    /**
     * None where nothing can be missing, or a text is changed in ways that are not looked into.
     *
     * @param json of a {@code tokenizer.json}
     * @param name of the file, for errors
     */
    public static Optional<MissingLetters> of(JsonNode json, String name) {
        JsonNode model = json.path("model");
        List<JsonNode> words = parts(json.path("pre_tokenizer"));
        boolean bytes = words.stream().anyMatch(part -> isOf(Set.of("ByteLevel"), part));
        boolean silent = model.path("type").asText("BPE").equals("BPE")
                && model.path("vocab").isObject()
                && isNothing(model.path("unk_token"))
                && isNothing(model.path("continuing_subword_prefix"))
                && isNothing(model.path("end_of_word_suffix"))
                && !model.path("byte_fallback").asBoolean()
                && isNothing(json.path("normalizer"))
                && words.stream().allMatch(part -> isOf(BLANKS_GO, part) || keepsAll(part));
        if (!silent || (bytes && hasAllBytes(model.path("vocab")))) {
            return Optional.empty();
        }
        return Optional.of(
                new MissingLetters(json, name, bytes, words.stream().anyMatch(part -> isOf(BLANKS_GO, part))));
    }

    /** What a pre-tokenizer does, one after the other. */
    private static List<JsonNode> parts(JsonNode words) {
        List<JsonNode> parts = new ArrayList<>();
        if (words.path("type").asText().equals("Sequence")) {
            words.path("pretokenizers").forEach(each -> parts.addAll(parts(each)));
        } else if (!isNothing(words)) {
            parts.add(words);
        }
        return parts;
    }

    private static boolean isOf(Set<String> types, JsonNode part) {
        return types.contains(part.path("type").asText());
    }

    private static boolean keepsAll(JsonNode part) {
        return isOf(ALL_STAYS, part) && !part.path("behavior").asText().equals("Removed");
    }

    private static boolean isNothing(JsonNode node) {
        return node.isMissingNode()
                || node.isNull()
                || (node.isTextual() && node.textValue().isEmpty());
    }

    private static boolean hasAllBytes(JsonNode vocabulary) {
        for (int b = 0; b < 256; b++) {
            if (!vocabulary.has(String.valueOf(ByteLetters.of(b)))) {
                return false;
            }
        }
        return true;
    }

    /** @throws InputException for the first character without a token, with its place */
    public void requireNone(String text) {
        added.divide(text.toCharArray(), 0, text.length(), new MarkedTexts.Parts() {
            @Override
            public void text(char[] all, int from, int to) {
                for (int at = from; at < to; at += Character.charCount(Character.codePointAt(all, at, to))) {
                    int c = Character.codePointAt(all, at, to);
                    if (!isKnown(c) && !(blanksGo && LetterKinds.isWhiteSpace(c))) {
                        throw missing(c, text, at);
                    }
                }
            }

            @Override
            public void mark(int id, int from, int to) {
                // A token by itself.
            }
        });
    }

    private boolean isKnown(int c) {
        return ofBytes ? ByteLetters.of(Character.toString(c)).chars().allMatch(known::get) : known.get(c);
    }

    private InputException missing(int character, String text, int at) {
        String shown = String.format("\"%s\" (U+%04X)", Character.toString(character), character);
        long line = text.substring(0, at).chars().filter(c -> c == '\n').count() + 1;
        return new InputException("expected characters that the tokenizer " + name + " has a token for, received "
                + shown + " at character " + text.codePointCount(0, at) + " (line " + line
                + "); train it on texts that have it, or with <unk> among its special tokens");
    }
}
