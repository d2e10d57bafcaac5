package dev.jumbo.text;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.text.split.WordRules;
import dev.jumbo.text.tiktoken.Tiktoken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file of tiktoken: a line for each token, its bytes in base64 and its rank. It says neither how texts are divided nor which special tokens there are:
 * both are known for the vocabularies of GPT-2, GPT-4 (cl100k_base), GPT-4o (o200k_base), Llama 3 and Qwen by their size, and are named for others.
 */
@Kind("tiktoken")
public record TiktokenTokens(
        @Doc("The file of ranks, such as qwen.tiktoken or Llama 3's tokenizer.model.")
        Path file,

        @Doc("How a text is divided: gpt2, cl100k, o200k, llama3, qwen2; by default known by the size of the file.")
        @Default("\"\"")
        String words,

        @Doc(
                "Special tokens, whose ids follow the ranks, in their order; by default those of the vocabulary that the file is known as.")
        @Default("[]")
        List<String> specialTokens,

        @Doc("The token that ends a document; by default that of the vocabulary that the file is known as.")
        @Default("\"\"")
        String endOfDocument)
        implements TokenizerConfig {
    public TiktokenTokens {
        specialTokens = List.copyOf(specialTokens);
        if (!words.isEmpty()) {
            rules(words);
        }
    }

    /** Of a file that is known by its size. */
    public static TiktokenTokens of(Path file) {
        return new TiktokenTokens(file, "", List.of(), "");
    }

    private static WordRules rules(String name) {
        for (WordRules rules : WordRules.values()) {
            if (rules.name().equalsIgnoreCase(name)) {
                return rules;
            }
        }
        throw new InputException(
                "tiktoken: words: expected gpt2, cl100k, o200k, llama3, qwen2, smollm or none, received \"" + name
                        + "\"");
    }

    @Override
    public List<Path> files() {
        return List.of(file);
    }

    @Override
    public TiktokenTokens withFiles(List<Path> places) {
        return new TiktokenTokens(places.get(0), words, specialTokens, endOfDocument);
    }

    @Override
    public Tokenizer open() {
        try {
            Tiktoken ranks = Tiktoken.read(Files.readAllBytes(file));
            return TiktokenTokenizer.of(ranks, words.isEmpty() ? null : rules(words), specialTokens, endOfDocument);
        } catch (InputException e) {
            throw new InputException("the tokenizer " + file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new InputException(
                    "cannot read the tokenizer " + file + " (" + e.getMessage() + "); expected ranks of tiktoken", e);
        }
    }
}
