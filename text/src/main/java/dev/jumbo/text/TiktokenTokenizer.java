package dev.jumbo.text;

import dev.jumbo.error.InputException;
import dev.jumbo.text.bpe.BytePairs;
import dev.jumbo.text.bpe.Ids;
import dev.jumbo.text.bpe.MarkedTexts;
import dev.jumbo.text.split.ByteLetters;
import dev.jumbo.text.split.WordRules;
import dev.jumbo.text.tiktoken.KnownRanks;
import dev.jumbo.text.tiktoken.Tiktoken;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Ranks of tiktoken at work. Special tokens that a text names are those tokens. */
final class TiktokenTokenizer implements Tokenizer {
    private final byte[][] bytes;
    private final Map<Integer, String> special = new HashMap<>();
    private final Map<String, Integer> ids;
    private final BytePairs pairs;
    private final MarkedTexts marked;
    private final int endOfDocument;
    private final Marks marks;

    private TiktokenTokenizer(Tiktoken ranks, WordRules words, Map<String, Integer> specials, int end) {
        int size = ranks.tokens().size();
        for (int id : specials.values()) {
            size = Math.max(size, id + 1);
        }
        bytes = new byte[size][];
        for (int id = 0; id < ranks.tokens().size(); id++) {
            bytes[id] = ranks.tokens().get(id).getBytes(StandardCharsets.ISO_8859_1);
        }
        specials.forEach((token, id) -> special.put(id, token));
        ids = new HashMap<>(specials);
        ranks.ids()
                .forEach((token, id) ->
                        ids.putIfAbsent(ByteLetters.of(token.getBytes(StandardCharsets.ISO_8859_1)), id));
        pairs = new BytePairs(words.splitter(), ranks.bytes(), ranks.merges(), ranks.ids());
        marked = new MarkedTexts(specials);
        endOfDocument = end;
        marks = Marks.of(specials.getOrDefault("<|begin_of_text|>", -1), -1);
    }

    static Tokenizer of(Tiktoken ranks, @Nullable WordRules words, List<String> specialTokens, String endOfDocument) {
        int size = ranks.tokens().size();
        KnownRanks known = KnownRanks.of(size).orElse(null);
        WordRules rules = words != null ? words : known == null ? null : known.words();
        if (rules == null) {
            throw new InputException("a file of " + size + " ranks is not known by its size; say in words how a text is"
                    + " divided (gpt2, cl100k, o200k, llama3, qwen2)");
        }
        Map<String, Integer> specials = new LinkedHashMap<>();
        if (specialTokens.isEmpty() && known != null) {
            specials.putAll(known.special());
        }
        for (String token : specialTokens) {
            if (token.isEmpty() || specials.put(token, size + specials.size()) != null) {
                throw new InputException(
                        "expected special tokens that differ and are not empty, received " + specialTokens);
            }
        }
        String end = !endOfDocument.isEmpty()
                ? endOfDocument
                : known != null && specialTokens.isEmpty() ? known.endOfDocument() : "";
        Integer id = specials.get(end);
        if (id == null) {
            throw new InputException("there is no special token \"" + end
                    + "\"; list special_tokens, and name in end_of_document the one that ends a document");
        }
        return new TiktokenTokenizer(ranks, rules, specials, id);
    }

    @Override
    public int[] encode(String text) {
        char[] all = text.toCharArray();
        Ids made = new Ids(all.length / 3);
        BytePairs.Worker worker = pairs.worker();
        marked.divide(all, 0, all.length, new MarkedTexts.Parts() {
            @Override
            public void text(char[] part, int from, int to) {
                worker.encode(part, from, to, made);
            }

            @Override
            public void mark(int id, int from, int to) {
                made.add(id);
            }
        });
        return made.toArray();
    }

    /** A token that holds a part of a character stands where the whole character does. */
    @Override
    public Encoding tokens(String text) {
        int[] made = encode(text);
        int[] starts = new int[made.length];
        int[] ends = new int[made.length];
        int at = 0; // in chars: of the character that the next byte belongs to
        int inside = 0; // bytes of it that are behind us
        for (int i = 0; i < made.length; i++) {
            starts[i] = at;
            String mark = special.get(made[i]);
            if (mark != null) {
                at += mark.length();
                ends[i] = at;
                continue;
            }
            int left = bytes[made[i]].length;
            while (left > 0) {
                int code = text.codePointAt(at);
                int length = utf8(code);
                int taken = Math.min(left, length - inside);
                left -= taken;
                inside += taken;
                ends[i] = at + Character.charCount(code);
                if (inside == length) {
                    inside = 0;
                    at = ends[i];
                }
            }
        }
        return Encoding.of(made, starts, ends);
    }

    private static int utf8(int code) {
        return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    }

    @Override
    public String decode(int[] tokens) {

        int size = 0;
        for (int token : tokens) {
            size += of(token).length;
        }
        byte[] all = new byte[size];
        int at = 0;
        for (int token : tokens) {
            byte[] each = of(token);
            System.arraycopy(each, 0, all, at, each.length);
            at += each.length;
        }
        return new String(all, StandardCharsets.UTF_8);
    }

    /** Nothing of a special token. */
    private byte[] of(int token) {
        if (token < 0 || token >= bytes.length) {
            throw new InputException("expected tokens from 0 to " + (bytes.length - 1) + ", received " + token);
        }
        byte[] found = bytes[token];
        return found == null ? new byte[0] : found;
    }

    @Override
    public String token(int id) {
        byte[] found = of(id);
        return special.getOrDefault(id, ByteLetters.of(found));
    }

    @Override
    public int id(String token) {
        return ids.getOrDefault(token, -1);
    }

    @Override
    public boolean isSpecial(int id) {
        return special.containsKey(id);
    }

    @Override
    public Marks marks() {
        return marks;
    }

    @Override
    public int vocabularySize() {
        return bytes.length;
    }

    @Override
    public int endOfDocument() {
        return endOfDocument;
    }

    @Override
    public void close() {
        // Nothing but Java's own memory.
    }
}
