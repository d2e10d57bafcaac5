package dev.jumbo.text.train;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.text.split.MarkedWords;
import dev.jumbo.text.split.WordRules;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@code tokenizer.json} as Hugging Face's library writes and reads it. */
final class TokenizerJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private TokenizerJson() {}

    /** The token for what has no piece; empty where every text has pieces. */
    static String unknown(TokenizerType type) {
        return switch (type) {
            case WORDPIECE -> "[UNK]";
            case UNIGRAM -> "<unk>";
            default -> "";
        };
    }

    static ObjectNode of(TokenizerTrainer trainer, Vocabulary vocabulary) {
        ObjectNode root = JSON.objectNode().put("version", "1.0");
        root.putNull("truncation").putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        for (int id = 0; id < vocabulary.tokens().size(); id++) {
            String token = vocabulary.tokens().get(id);
            if (trainer.specialTokens().contains(token)) {
                added.addObject()
                        .put("id", id)
                        .put("content", token)
                        .put("single_word", false)
                        .put("lstrip", false)
                        .put("rstrip", false)
                        .put("normalized", false)
                        .put("special", true);
            }
        }
        root.set("normalizer", normalizer(trainer));
        root.set("pre_tokenizer", preTokenizer(trainer));
        root.set("post_processor", marks(trainer, vocabulary));
        root.set("decoder", decoder(trainer));
        root.set("model", model(trainer, vocabulary));
        return root;
    }

    private static @Nullable ObjectNode normalizer(TokenizerTrainer trainer) {
        return switch (trainer.type()) {
            case WORDPIECE -> {
                ObjectNode bert = JSON.objectNode()
                        .put("type", "BertNormalizer")
                        .put("clean_text", true)
                        .put("handle_chinese_chars", true);
                bert.putNull("strip_accents");
                yield bert.put("lowercase", trainer.lowercase());
            }
            case UNIGRAM -> JSON.objectNode().put("type", "NFKC");
            default -> null;
        };
    }

    private static @Nullable ObjectNode preTokenizer(TokenizerTrainer trainer) {
        return switch (trainer.type()) {
            case BPE -> trainer.words().preTokenizer();
            case BYTES -> WordRules.byteLevel(false);
            case WORDPIECE -> JSON.objectNode().put("type", "BertPreTokenizer");
            case UNIGRAM -> metaspace();
            case CHARACTERS -> null;
        };
    }

    private static ObjectNode metaspace() {
        return JSON.objectNode()
                .put("type", "Metaspace")
                .put("replacement", String.valueOf(MarkedWords.BLANK))
                .put("prepend_scheme", "always")
                .put("split", true);
    }

    private static ObjectNode decoder(TokenizerTrainer trainer) {
        return switch (trainer.type()) {
            case BPE, BYTES -> WordRules.byteLevel(true);
            case WORDPIECE ->
                JSON.objectNode().put("type", "WordPiece").put("prefix", "##").put("cleanup", true);
            case UNIGRAM -> metaspace();
            case CHARACTERS -> JSON.objectNode().put("type", "Fuse");
        };
    }

    /** What stands before, between and behind texts where that is asked for: BERT's [CLS] and [SEP], the end of T5. */
    private static @Nullable ObjectNode marks(TokenizerTrainer trainer, Vocabulary vocabulary) {
        List<String> special = trainer.specialTokens();
        boolean bert = trainer.type() == TokenizerType.WORDPIECE && special.containsAll(List.of("[CLS]", "[SEP]"));
        if (!bert && trainer.type() != TokenizerType.UNIGRAM) {
            return null;
        }
        String end = bert ? "[SEP]" : trainer.endOfDocument();
        ObjectNode template = JSON.objectNode().put("type", "TemplateProcessing");
        ArrayNode single = template.putArray("single");
        ArrayNode pair = template.putArray("pair");
        if (bert) {
            single.add(part("SpecialToken", "[CLS]", 0));
            pair.add(part("SpecialToken", "[CLS]", 0));
        }
        single.add(part("Sequence", "A", 0)).add(part("SpecialToken", end, 0));
        int second = bert ? 1 : 0;
        pair.add(part("Sequence", "A", 0)).add(part("SpecialToken", end, 0));
        pair.add(part("Sequence", "B", second)).add(part("SpecialToken", end, second));
        ObjectNode tokens = template.putObject("special_tokens");
        for (String token : bert ? List.of("[CLS]", "[SEP]") : List.of(end)) {
            ObjectNode known = tokens.putObject(token).put("id", token);
            known.putArray("ids").add(vocabulary.tokens().indexOf(token));
            known.putArray("tokens").add(token);
        }
        return template;
    }

    private static ObjectNode part(String kind, String id, int type) {
        ObjectNode part = JSON.objectNode();
        part.putObject(kind).put("id", id).put("type_id", type);
        return part;
    }

    private static ObjectNode model(TokenizerTrainer trainer, Vocabulary vocabulary) {
        ObjectNode model = JSON.objectNode();
        switch (trainer.type()) {
            case UNIGRAM -> {
                model.put("type", "Unigram").put("unk_id", vocabulary.tokens().indexOf("<unk>"));
                ArrayNode pieces = model.putArray("vocab");
                for (int id = 0; id < vocabulary.tokens().size(); id++) {
                    pieces.addArray()
                            .add(vocabulary.tokens().get(id))
                            .add(vocabulary.scores().get(id));
                }
                return model.put("byte_fallback", false);
            }
            case WORDPIECE ->
                model.put("type", "WordPiece")
                        .put("unk_token", "[UNK]")
                        .put("continuing_subword_prefix", "##")
                        .put("max_input_chars_per_word", 100);
            default -> {
                model.put("type", "BPE").putNull("dropout");
                String unknown = trainer.specialTokens().contains("<unk>") ? "<unk>" : null;
                model.put("unk_token", trainer.type() == TokenizerType.CHARACTERS ? unknown : null);
                model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
                model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
            }
        }
        ObjectNode ids = model.putObject("vocab");
        for (int id = 0; id < vocabulary.tokens().size(); id++) {
            ids.put(vocabulary.tokens().get(id), id);
        }
        if (trainer.type() != TokenizerType.WORDPIECE) {
            ArrayNode merges = model.putArray("merges");
            for (int[] pair : vocabulary.merges()) {
                merges.addArray()
                        .add(vocabulary.tokens().get(pair[0]))
                        .add(vocabulary.tokens().get(pair[1]));
            }
        }
        return model;
    }
}
