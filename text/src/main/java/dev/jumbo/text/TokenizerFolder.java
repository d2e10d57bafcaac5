package dev.jumbo.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.jumbo.config.json.JsonProblem;
import dev.jumbo.error.InputException;
import dev.jumbo.text.tiktoken.Tiktoken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds out which files of a tokenizer there are, and which of its tokens ends a document. */
final class TokenizerFolder {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Bytes enough to know a file by. */
    private static final int FIRST_LINE = 200;

    private static final List<String> ENDS =
            List.of("<|endoftext|>", "</s>", "<|end_of_text|>", "<eos>", "<|im_end|>", "[SEP]");

    private TokenizerFolder() {}

    static TokenizerConfig at(Path path, String end) {
        if (!Files.isDirectory(path)) {
            return file(path, end);
        }
        Path json = path.resolve("tokenizer.json");
        if (Files.exists(json)) {
            return new HuggingFaceTokens(json, end.isEmpty() ? end(path, json) : end);
        }
        for (String[] names : new String[][] {{"vocab.json", "merges.txt"}, {"encoder.json", "vocab.bpe"}}) {
            Path vocabulary = path.resolve(names[0]);
            Path merges = path.resolve(names[1]);
            if (Files.exists(vocabulary) && Files.exists(merges)) {
                String found = end.isEmpty() ? stated(path) : end;
                return new Gpt2Tokens(vocabulary, merges, found.isEmpty() ? "<|endoftext|>" : found);
            }
        }
        for (String name : List.of("tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "vocab.txt")) {
            Path file = path.resolve(name);
            if (Files.exists(file)) {
                return file(file, end.isEmpty() ? stated(path) : end);
            }
        }
        List<Path> others = others(path);
        if (others.size() == 1) {
            return file(others.get(0), end.isEmpty() ? stated(path) : end);
        }
        throw new InputException("expected in " + path + " one of tokenizer.json, vocab.json with merges.txt,"
                + " tokenizer.model, spiece.model, vocab.txt, or one file .tiktoken; found "
                + (others.isEmpty() ? "none" : others));
    }

    private static List<Path> others(Path path) {
        try (var inside = Files.list(path)) {
            return inside.filter(file -> file.toString().endsWith(".tiktoken"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new InputException("cannot list " + path + ": " + e.getMessage(), e);
        }
    }

    private static TokenizerConfig file(Path file, String end) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(".json")) {
            Path parent = file.toAbsolutePath().getParent();
            return new HuggingFaceTokens(file, !end.isEmpty() || parent == null ? end : end(parent, file));
        }
        if (name.endsWith(".txt")) {
            return new BertTokens(file, lowercase(file), end.isEmpty() ? "[SEP]" : end);
        }
        if (name.endsWith(".tiktoken") || beginsAsTiktoken(file)) {
            return new TiktokenTokens(file, "", List.of(), end);
        }
        if (name.endsWith(".model")) {
            return new SentencePieceTokens(file, end.isEmpty() ? "</s>" : end);
        }
        throw new InputException(
                "expected a tokenizer (tokenizer.json, vocab.txt, a .model of SentencePiece or tiktoken, a"
                        + " .tiktoken), received " + file);
    }

    private static boolean beginsAsTiktoken(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return Tiktoken.isOne(in.readNBytes(FIRST_LINE));
        } catch (IOException e) {
            throw new InputException("cannot read " + file + " (" + e.getMessage() + ")", e);
        }
    }

    /** Uncased models say so beside their vocabulary, or in its name; BERT's own tokenizer takes them for uncased too. */
    private static boolean lowercase(Path vocabulary) {
        JsonNode said = read(vocabulary.resolveSibling("tokenizer_config.json")).path("do_lower_case");
        return said.isBoolean() ? said.booleanValue() : !vocabulary.toString().contains("-cased");
    }

    /** What a model's folder says of its end, or the first of the usual ones that there is. */
    private static String end(Path folder, Path json) {
        String stated = stated(folder);
        if (!stated.isEmpty()) {
            return stated;
        }
        JsonNode tokens = read(json);
        for (String known : ENDS) {
            for (JsonNode added : tokens.path("added_tokens")) {
                if (added.path("content").asText().equals(known)) {
                    return known;
                }
            }
        }
        throw new InputException(
                "the tokenizer " + json + " does not say which token ends a document;" + " name it in end_of_document");
    }

    /** The eos_token of a folder's tokenizer_config.json or special_tokens_map.json: a text, or an object with its content. */
    private static String stated(Path folder) {
        for (String name : List.of("tokenizer_config.json", "special_tokens_map.json")) {
            JsonNode end = read(folder.resolve(name)).path("eos_token");
            String text = end.isObject() ? end.path("content").asText() : end.asText("");
            if (!text.isEmpty()) {
                return text;
            }
        }
        return "";
    }

    private static JsonNode read(Path file) {
        if (!Files.exists(file)) {
            return MissingNode.getInstance();
        }
        try (InputStream in = Files.newInputStream(file)) {
            JsonNode read = JSON.readTree(in);
            return read == null ? MissingNode.getInstance() : read;
        } catch (JsonProcessingException e) {
            throw new InputException("expected JSON in " + file + ": " + JsonProblem.of(e), e);
        } catch (IOException e) {
            throw new InputException("cannot read " + file + " (" + e.getMessage() + ")", e);
        }
    }
}
