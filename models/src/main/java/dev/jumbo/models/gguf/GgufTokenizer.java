package dev.jumbo.models.gguf;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.models.imports.ImportedTokenizer;
import dev.jumbo.models.imports.SentencePieceFile;
import dev.jumbo.text.HuggingFaceTokens;
import dev.jumbo.text.MarkedTokens;
import dev.jumbo.text.SentencePieceTokens;
import dev.jumbo.text.TokenizerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tokenizer of a file: {@code llama} is SentencePiece's bpe, {@code gpt2} byte-level bpe, which becomes a {@code tokenizer.json}. */
final class GgufTokenizer {
    private static final String PREFIX = "tokenizer.ggml.";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** ByteLevel's own rule. */
    private static final List<String> GPT2 = List.of();

    private static final List<String> LLAMA3 = List.of(
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+"
                    + "|\\s+(?!\\S)|\\s+");
    private static final List<String> QWEN2 = List.of(
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+"
                    + "|\\s+(?!\\S)|\\s+");

    /** llama.cpp's where a file names none: signs apart, then GPT-2's, then digits by threes. */
    private static final List<String> DEFAULT = List.of(
            "[\\p{P}\\$\\+<=>\\^~\\|]+",
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)",
            "\\p{N}+",
            "[0-9][0-9][0-9]");

    /** How texts are divided into words before, one rule after the other, by {@code tokenizer.ggml.pre}. */
    private static final Map<String, List<String>> WORDS = Map.of(
            "gpt-2",
            GPT2,
            "gpt2",
            GPT2,
            "default",
            DEFAULT,
            "llama-bpe",
            LLAMA3,
            "llama3",
            LLAMA3,
            "llama-v3",
            LLAMA3,
            "smaug-bpe",
            LLAMA3,
            "qwen2",
            QWEN2);

    private final GgufMetadata metadata;
    private final String[] tokens;
    private final long[] types;
    private final int end;

    private GgufTokenizer(GgufMetadata metadata, int vocabulary) {
        this.metadata = metadata;
        tokens = metadata.texts(PREFIX + "tokens");
        if (tokens.length == 0 || tokens.length > vocabulary) {
            throw metadata.wrong(
                    "expected from 1 to " + vocabulary + " tokens, as the model has, received " + tokens.length);
        }
        types = metadata.numbers(PREFIX + "token_type").orElseGet(() -> normal(tokens.length));
        end = id("eos_token_id", -1);
        if (types.length != tokens.length) {
            throw metadata.wrong(
                    "expected a token_type for each of " + tokens.length + " tokens, received " + types.length);
        }
        if (end < 0) {
            throw metadata.wrong(
                    "expected a value of \"" + PREFIX + "eos_token_id\", the token that ends a text, found none");
        }
    }

    private static long[] normal(int count) {
        long[] types = new long[count];
        Arrays.fill(types, SentencePieceFile.NORMAL);
        return types;
    }

    /** @return null where the file has none @throws dev.jumbo.error.InputException if it is of a kind that is not read */
    static @Nullable ImportedTokenizer read(GgufMetadata metadata, int vocabulary) {
        String kind = metadata.text(PREFIX + "model").orElse("none");
        return switch (kind) {
            case "none", "no_vocab" -> null;
            case "llama" -> new GgufTokenizer(metadata, vocabulary).sentencePiece();
            case "gpt2" -> new GgufTokenizer(metadata, vocabulary).byteLevel();
            default ->
                throw metadata.wrong(
                        "expected a tokenizer llama or gpt2 in \"" + PREFIX + "model\", received \"" + kind + "\"");
        };
    }

    private int id(String name, int otherwise) {
        long id = metadata.number(PREFIX + name, otherwise);
        if (id != otherwise && (id < 0 || id >= tokens.length)) {
            throw metadata.wrong("\"" + PREFIX + name + "\": expected one of " + tokens.length + " tokens, received "
                    + Long.toUnsignedString(id));
        }
        return (int) id;
    }

    private TokenizerConfig marked(TokenizerConfig tokenizer, boolean begins) {
        int begin = id("bos_token_id", -1);
        boolean added = metadata.truth(PREFIX + "add_bos_token", begins);
        int turn = id("eot_token_id", -1);
        List<Integer> ends = turn < 0 || turn == end ? List.of(end) : List.of(end, turn);
        return new MarkedTokens(tokenizer, added && begin >= 0 ? begin : null, ends);
    }

    private ImportedTokenizer sentencePiece() {
        double[] scores = metadata.reals(PREFIX + "scores")
                .orElseThrow(() -> metadata.wrong("expected \"" + PREFIX + "scores\" of the tokens, found none"));
        if (scores.length != tokens.length) {
            throw metadata.wrong(
                    "expected a score for each of " + tokens.length + " tokens, received " + scores.length);
        }
        List<SentencePieceFile.Piece> pieces = new ArrayList<>();
        long unknown = 0;
        for (int i = 0; i < tokens.length; i++) {
            if (types[i] < 1 || types[i] > SentencePieceFile.BYTE || tokens[i].isEmpty()) {
                throw metadata.wrong("expected a text and a type from 1 to 6 of the token " + i + ", received \""
                        + tokens[i] + "\" and " + types[i]);
            }
            unknown += types[i] == SentencePieceFile.UNKNOWN ? 1 : 0;
            pieces.add(new SentencePieceFile.Piece(tokens[i], (float) scores[i], (int) types[i]));
        }
        if (unknown != 1) {
            throw metadata.wrong("expected one token of the type 2 (unknown), received " + unknown);
        }
        boolean prefix = metadata.truth(PREFIX + "add_space_prefix", true);
        return directory -> {
            Path file = directory.resolve("tokenizer.model");
            Files.write(file, SentencePieceFile.of(pieces, prefix));
            writeTemplate(directory);
            return marked(new SentencePieceTokens(file, tokens[end]), true);
        };
    }

    private ImportedTokenizer byteLevel() {
        String pre =
                metadata.text(PREFIX + "pre").filter(name -> !name.isEmpty()).orElse("default");
        List<String> words = WORDS.get(pre);
        if (words == null) {
            throw metadata.wrong("\"" + PREFIX + "pre\": expected one of "
                    + WORDS.keySet().stream().sorted().toList() + ", received \"" + pre + "\"");
        }
        ObjectNode json = tokenizerJson(words);
        return directory -> {
            Path file = directory.resolve("tokenizer.json");
            JSON.writeValue(file.toFile(), json);
            writeTemplate(directory);
            return marked(new HuggingFaceTokens(file, tokens[end]), words.equals(LLAMA3));
        };
    }

    private void writeTemplate(Path directory) throws IOException {
        String template = metadata.text(PREFIX + "chat_template").orElse("");
        if (!template.isEmpty()) {
            int begin = id("bos_token_id", -1);
            ObjectNode config = JSON.createObjectNode().put("chat_template", template);
            config.put("bos_token", begin < 0 ? "" : tokens[begin]).put("eos_token", tokens[end]);
            JSON.writeValue(directory.resolve(ImportedTokenizer.CONFIG).toFile(), config);
        }
    }

    private ObjectNode tokenizerJson(List<String> words) {
        ObjectNode root = JSON.createObjectNode().put("version", "1.0");
        ArrayNode added = root.putArray("added_tokens");
        ObjectNode vocabulary = JSON.createObjectNode();
        for (int i = 0; i < tokens.length; i++) {
            if (vocabulary.has(tokens[i])) {
                throw metadata.wrong("expected each token once, received \"" + tokens[i] + "\" twice");
            }
            vocabulary.put(tokens[i], i);
            if (types[i] != SentencePieceFile.NORMAL) {
                added.addObject()
                        .put("id", i)
                        .put("content", tokens[i])
                        .put("single_word", false)
                        .put("lstrip", false)
                        .put("rstrip", false)
                        .put("normalized", false)
                        .put("special", types[i] == SentencePieceFile.CONTROL);
            }
        }
        ObjectNode bytes = level(words.equals(GPT2));
        if (words.equals(GPT2)) {
            root.set("pre_tokenizer", bytes);
        } else {
            ObjectNode before = root.putObject("pre_tokenizer").put("type", "Sequence");
            ArrayNode steps = before.putArray("pretokenizers");
            for (String rule : words) {
                ObjectNode split = steps.addObject().put("type", "Split");
                split.putObject("pattern").put("Regex", rule);
                split.put("behavior", "Isolated").put("invert", false);
            }
            steps.add(bytes);
        }
        root.set("decoder", level(true));
        ObjectNode model = root.putObject("model").put("type", "BPE");
        // Llama 3's own: a word that is a token is taken whole.
        model.put("ignore_merges", words.equals(LLAMA3));
        model.set("vocab", vocabulary);
        ArrayNode merges = model.putArray("merges");
        for (String merge : metadata.texts(PREFIX + "merges")) {
            merges.add(merge);
        }
        return root;
    }

    private static ObjectNode level(boolean regex) {
        return JSON.createObjectNode()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", regex);
    }
}
