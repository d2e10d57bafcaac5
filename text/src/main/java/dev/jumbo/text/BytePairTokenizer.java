package dev.jumbo.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.text.bpe.BytePairs;
import dev.jumbo.text.bpe.Ids;
import dev.jumbo.text.bpe.MarkedTexts;
import dev.jumbo.text.bpe.MergeTable;
import dev.jumbo.text.split.ByteLetters;
import dev.jumbo.text.split.LetterKinds;
import dev.jumbo.text.split.WordRules;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A {@code tokenizer.json} of byte-level byte-pair encoding by our own encoder, which is several times as fast as the library behind its border. A text that it
 * may see otherwise (a character that is newer than this Java, a token that takes blanks along) goes to the library, as do places of tokens.
 */
final class BytePairTokenizer extends OwnEncoder {
    /** Below it, every text is in normal form C. */
    private static final char COMPOSING = 0x300;

    private final TokenizerDescription description;
    private final BytePairs pairs;
    /** Tokens that are looked for before a text is normalised, and behind that. */
    private final MarkedTexts first;

    private final MarkedTexts second;
    private final MarkedTexts others;
    private final boolean normalized;
    /** Whether a token is looked for in what a text becomes. */
    private final boolean inNormal;

    private final byte[][] bytes;

    private BytePairTokenizer(
            TokenizerDescription description, NativeTokenizer library, BytePairs pairs, boolean normalized) {
        super(library);
        this.description = description;
        this.pairs = pairs;
        this.normalized = normalized;
        Map<String, Integer> before = new HashMap<>();
        Map<String, Integer> behind = new HashMap<>();
        Map<String, Integer> left = new HashMap<>();
        boolean any = false;
        for (JsonNode added : description.json().path("added_tokens")) {
            String content = added.path("content").asText();
            boolean plain = !added.path("lstrip").asBoolean()
                    && !added.path("rstrip").asBoolean()
                    && !added.path("single_word").asBoolean();
            boolean isNormalized =
                    added.path("normalized").asBoolean(!added.path("special").asBoolean());
            Map<String, Integer> into = !plain || (isNormalized && normalized) ? left : isNormalized ? behind : before;
            any |= isNormalized && normalized;
            if (!content.isEmpty()) {
                into.put(content, added.path("id").intValue());
            }
        }
        first = new MarkedTexts(before);
        second = new MarkedTexts(behind);
        others = new MarkedTexts(left);
        inNormal = any;
        bytes = new byte[description.tokens().size()][];
        for (int id = 0; id < bytes.length; id++) {
            bytes[id] = description.special().contains(id) ? new byte[0] : ByteLetters.bytes(description.token(id));
        }
    }

    /** By our own encoder, if it has all that the description asks for; otherwise the library. */
    static Tokenizer of(TokenizerDescription description, NativeTokenizer library) {
        JsonNode json = description.json();
        JsonNode model = json.path("model");
        Optional<WordRules> rules = WordRules.of(json.path("pre_tokenizer"));
        String normalizer = json.path("normalizer").path("type").asText();
        boolean plain = (model.path("type").asText("BPE").equals("BPE")
                        || model.path("type").isMissingNode())
                && isNothing(model.path("dropout"))
                && isNothing(model.path("continuing_subword_prefix"))
                && isNothing(model.path("end_of_word_suffix"))
                && !model.path("byte_fallback").asBoolean()
                && json.path("decoder").path("type").asText().equals("ByteLevel")
                && (normalizer.isEmpty() || normalizer.equals("NFC"));
        if (!plain || rules.isEmpty()) {
            return library;
        }
        int[] bytes = new int[256];
        for (int b = 0; b < bytes.length; b++) {
            JsonNode id = model.path("vocab").path(String.valueOf(ByteLetters.of(b)));
            if (!id.isInt()) {
                return library;
            }
            bytes[b] = id.intValue();
        }
        Optional<MergeTable> merges = merges(model);
        if (merges.isEmpty()) {
            return library;
        }
        Map<String, Integer> whole = new HashMap<>();
        if (model.path("ignore_merges").asBoolean()) {
            for (var token : model.path("vocab").properties()) {
                if (ByteLetters.isWritten(token.getKey())) {
                    whole.put(
                            new String(ByteLetters.bytes(token.getKey()), StandardCharsets.ISO_8859_1),
                            token.getValue().intValue());
                }
            }
        }
        BytePairs pairs = new BytePairs(rules.get().splitter(), bytes, merges.get(), whole);
        return new BytePairTokenizer(description, library, pairs, !normalizer.isEmpty());
    }

    private static boolean isNothing(JsonNode node) {
        return node.isMissingNode() || node.isNull() || node.asText().isEmpty();
    }

    private static Optional<MergeTable> merges(JsonNode model) {
        MergeTable merges = new MergeTable(model.path("merges").size());
        int rank = 0;
        for (JsonNode merge : model.path("merges")) {
            String left;
            String right;
            if (merge.isArray()) {
                left = merge.path(0).asText();
                right = merge.path(1).asText();
            } else {
                int blank = merge.asText().indexOf(' ');
                left = merge.asText().substring(0, Math.max(0, blank));
                right = merge.asText().substring(blank + 1);
            }
            JsonNode a = model.path("vocab").path(left);
            JsonNode b = model.path("vocab").path(right);
            JsonNode both = model.path("vocab").path(left + right);
            if (!a.isInt() || !b.isInt() || !both.isInt()) {
                return Optional.empty();
            }
            merges.put(a.intValue(), b.intValue(), rank++, both.intValue());
        }
        return Optional.of(merges);
    }

    @Override
    public int[] encode(String text) {
        char[] all = text.toCharArray();
        if (!LetterKinds.allKnown(all, all.length)
                || others.occurIn(all)
                || (inNormal && composes(all, 0, all.length))) {
            return library.encode(text);
        }
        Ids ids = new Ids(all.length / 3);
        BytePairs.Worker worker = pairs.worker();
        first.divide(all, 0, all.length, new MarkedTexts.Parts() {
            @Override
            public void text(char[] part, int from, int to) {
                between(part, from, to, worker, ids);
            }

            @Override
            public void mark(int id, int from, int to) {
                ids.add(id);
            }
        });
        return ids.toArray();
    }

    private void between(char[] all, int from, int to, BytePairs.Worker worker, Ids ids) {
        if (!second.isEmpty()) {
            second.divide(all, from, to, new MarkedTexts.Parts() {
                @Override
                public void text(char[] part, int start, int end) {
                    worker.encode(part, start, end, ids);
                }

                @Override
                public void mark(int id, int start, int end) {
                    ids.add(id);
                }
            });
            return;
        }
        if (normalized && composes(all, from, to)) {
            char[] normal = Normalizer.normalize(new String(all, from, to - from), Normalizer.Form.NFC)
                    .toCharArray();
            worker.encode(normal, 0, normal.length, ids);
            return;
        }
        worker.encode(all, from, to, ids);
    }

    private static boolean composes(char[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text[i] >= COMPOSING) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String decode(int[] tokens) {
        int length = 0;
        for (int token : tokens) {
            description.requireKnown(token);
            length += bytes[token].length;
        }
        byte[] all = new byte[length];
        int at = 0;
        for (int token : tokens) {
            System.arraycopy(bytes[token], 0, all, at, bytes[token].length);
            at += bytes[token].length;
        }
        return new String(all, StandardCharsets.UTF_8);
    }
}
