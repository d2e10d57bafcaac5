package dev.jumbo.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.text.bpe.Ids;
import dev.jumbo.text.bpe.MarkedTexts;
import dev.jumbo.text.bpe.WordCache;
import dev.jumbo.text.wordpiece.WordPieces;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A {@code tokenizer.json} of BERT's WordPiece, many times as fast as the library. What stands between blanks has the same ids wherever it stands: what is
 * all visible ASCII is divided here, anything else by the library, and both are remembered. Places of tokens, and texts with tokens that take blanks along, go
 * to the library.
 */
final class WordPieceTokenizer extends OwnEncoder {
    /** A table of pieces has no room for more letters. */
    private static final long MOST_LETTERS = 1 << 23;

    private static final int USUAL_LONGEST = 100;

    private final WordPieces pieces;
    private final WordCache others = new WordCache();
    private final MarkedTexts marks;
    /** Those that depend on what is around them. */
    private final MarkedTexts wide;

    private WordPieceTokenizer(NativeTokenizer library, WordPieces pieces, MarkedTexts marks, MarkedTexts wide) {
        super(library);
        this.pieces = pieces;
        this.marks = marks;
        this.wide = wide;
    }

    /** Empty where a description asks for more. */
    static Optional<Tokenizer> of(TokenizerDescription description, NativeTokenizer library) {
        JsonNode json = description.json();
        JsonNode model = json.path("model");
        boolean bert = isWordPiece(model)
                && json.path("normalizer").path("type").asText().equals("BertNormalizer")
                && json.path("pre_tokenizer").path("type").asText().equals("BertPreTokenizer");
        JsonNode unknown = model.path("vocab").path(model.path("unk_token").asText("[UNK]"));
        if (!bert || !unknown.isInt()) {
            return Optional.empty();
        }
        Map<String, Integer> plain = new HashMap<>();
        Map<String, Integer> wide = new HashMap<>();
        for (JsonNode added : json.path("added_tokens")) {
            if (added.path("normalized").asBoolean(!added.path("special").asBoolean())) {
                return Optional.empty(); // It is looked for in what a text becomes.
            }
            boolean alone = !added.path("lstrip").asBoolean()
                    && !added.path("rstrip").asBoolean()
                    && !added.path("single_word").asBoolean();
            String content = added.path("content").asText();
            if (!content.isEmpty()) {
                (alone ? plain : wide).put(content, added.path("id").intValue());
            }
        }
        Map<String, Integer> vocabulary = new HashMap<>();
        long letters = 0;
        for (var token : model.path("vocab").properties()) {
            vocabulary.put(token.getKey(), token.getValue().intValue());
            letters += token.getKey().length();
        }
        if (letters > MOST_LETTERS) {
            return Optional.empty();
        }
        WordPieces pieces = new WordPieces(
                vocabulary,
                model.path("continuing_subword_prefix").asText("##"),
                unknown.intValue(),
                (int) Math.min(
                        Integer.MAX_VALUE,
                        model.path("max_input_chars_per_word").asLong(USUAL_LONGEST)),
                json.path("normalizer").path("lowercase").asBoolean(true));
        return Optional.of(new WordPieceTokenizer(library, pieces, new MarkedTexts(plain), new MarkedTexts(wide)));
    }

    /** Old files do not say which model they are; the library then takes the first whose settings are there. */
    private static boolean isWordPiece(JsonNode model) {
        return model.has("type")
                ? model.path("type").asText().equals("WordPiece")
                : !model.has("merges")
                        && model.has("continuing_subword_prefix")
                        && model.has("max_input_chars_per_word")
                        && model.path("vocab").isObject();
    }

    @Override
    public int[] encode(String text) {
        char[] all = text.toCharArray();
        if (wide.occurIn(all)) {
            return library.encode(text);
        }
        Ids ids = new Ids(all.length / 3);
        marks.divide(all, 0, all.length, new MarkedTexts.Parts() {
            @Override
            public void text(char[] part, int from, int to) {
                between(part, from, to, ids);
            }

            @Override
            public void mark(int id, int from, int to) {
                ids.add(id);
            }
        });
        return ids.toArray();
    }

    /** White space for every version of Unicode; another kind of it is left to the library. */
    private static boolean isBlank(char c) {
        return c == ' ' || c == '\n' || c == '\t' || c == '\r';
    }

    private void between(char[] text, int from, int to, Ids ids) {
        int at = from;
        while (at < to) {
            while (at < to && isBlank(text[at])) {
                at++;
            }
            int start = at;
            while (at < to && WordPieces.isVisible(text[at])) {
                at++;
            }
            if (at == to || isBlank(text[at])) {
                pieces.encode(text, start, at, ids);
                continue;
            }
            while (at < to && !isBlank(text[at])) {
                at++;
            }
            int[] found = other(text, start, at);
            ids.addAll(found, found.length);
        }
    }

    private int[] other(char[] text, int from, int to) {
        if (to - from > WordCache.LONGEST) {
            return library.encode(new String(text, from, to - from));
        }
        int place = WordCache.place(text, from, to);
        int[] known = others.find(place, text, from, to);
        if (known != null) {
            return known;
        }
        int[] found = library.encode(new String(text, from, to - from));
        others.put(place, text, from, to, found);
        return found;
    }
}
