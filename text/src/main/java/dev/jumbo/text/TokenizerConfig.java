package dev.jumbo.text;

import dev.jumbo.config.ListsKinds;
import java.nio.file.Path;
import java.util.List;

/** Which tokenizer: a record that files can name. */
public interface TokenizerConfig {
    /** Those that are built in; a {@link dev.jumbo.config.KindProvider} adds others. */
    @ListsKinds
    static List<Class<? extends TokenizerConfig>> kinds() {
        return List.of(
                BertTokens.class,
                ByteTokens.class,
                Gpt2Tokens.class,
                HuggingFaceTokens.class,
                MarkedTokens.class,
                PretrainedTokens.class,
                SentencePieceTokens.class,
                TiktokenTokens.class);
    }

    /**
     * Reads the files and makes the tokenizer; costly, so once a process.
     *
     * @throws dev.jumbo.error.InputException if a file is missing or is none of a tokenizer, or knows no such end of a document
     */
    Tokenizer open();

    /** The files that {@link #open} reads. */
    default List<Path> files() {
        return List.of();
    }

    /** This with its files in other places, in the order of {@link #files}. */
    default TokenizerConfig withFiles(List<Path> places) {
        return this;
    }
}
