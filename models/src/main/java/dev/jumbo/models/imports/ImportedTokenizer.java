package dev.jumbo.models.imports;

import dev.jumbo.text.TokenizerConfig;
import java.io.IOException;
import java.nio.file.Path;

/** A tokenizer that was read from a model's file. */
@FunctionalInterface
public interface ImportedTokenizer {
    /** Writes its files into a directory. @return what reads them there */
    TokenizerConfig write(Path directory) throws IOException;
}
