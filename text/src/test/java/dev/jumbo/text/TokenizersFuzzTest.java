package dev.jumbo.text;

import dev.jumbo.error.InputException;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.fuzz.Untrusted;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Tokenizers of Hugging Face, of GPT-2, of tiktoken and of BERT, of a stranger. */
class TokenizersFuzzTest {
    private static final Untrusted UNTRUSTED = Untrusted.refusedBy(InputException.class);
    private static final String TEXT = "lower low \u00e4 aaaa";

    @Fuzzed
    void huggingFace(byte[] bytes) {
        UNTRUSTED.parseFile(bytes, "tokenizer.json", file -> use(new HuggingFaceTokens(file, "</s>")));
    }

    /** The vocabulary up to the first zero byte, the merges behind it. */
    @Fuzzed
    void gpt2(byte[] bytes) {
        UNTRUSTED.parseFile(bytes, "vocab.json", vocabulary -> {
            int end = 0;
            while (end < bytes.length && bytes[end] != 0) {
                end++;
            }
            Path merges = vocabulary.resolveSibling("merges.txt");
            try {
                Files.write(vocabulary, Arrays.copyOf(bytes, end));
                Files.write(merges, Arrays.copyOfRange(bytes, Math.min(bytes.length, end + 1), bytes.length));
                return use(new Gpt2Tokens(vocabulary, merges, "</s>"));
            } finally {
                Files.deleteIfExists(merges);
            }
        });
    }

    @Fuzzed
    void tiktoken(byte[] bytes) {
        UNTRUSTED.parseFile(
                bytes, "x.tiktoken", file -> use(new TiktokenTokens(file, "llama3", List.of("<end>"), "<end>")));
    }

    @Fuzzed
    void bert(byte[] bytes) {
        UNTRUSTED.parseFile(bytes, "vocab.txt", file -> use(new BertTokens(file, true, "[SEP]")));
    }

    /** What a folder says of its tokenizer, beside a vocabulary of BERT. */
    @Fuzzed
    void folder(byte[] bytes) {
        UNTRUSTED.parseFile(bytes, "tokenizer_config.json", config -> {
            Path vocabulary = config.resolveSibling("vocab.txt");
            try {
                Files.writeString(vocabulary, "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nlow\n##er\n\u00e4\n");
                return use(PretrainedTokens.of(config.resolveSibling("")).resolved());
            } finally {
                Files.deleteIfExists(vocabulary);
            }
        });
    }

    private static String use(TokenizerConfig config) {
        try (Tokenizer tokenizer = config.open()) {
            if (tokenizer.vocabularySize() < 1 || tokenizer.endOfDocument() >= tokenizer.vocabularySize()) {
                throw new AssertionError("a vocabulary of " + tokenizer.vocabularySize());
            }
            return tokenizer.decode(tokenizer.encode(TEXT));
        }
    }
}
