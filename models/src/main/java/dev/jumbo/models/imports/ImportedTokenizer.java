package dev.jumbo.models.imports;

import dev.jumbo.text.TokenizerConfig;
import java.io.IOException;
import java.nio.file.Path;

/** A tokenizer that was read from a model's file. */
@FunctionalInterface
public interface ImportedTokenizer {
    /** Where it says a chat template. */
    String CONFIG = "tokenizer_config.json";

    /** Writes its files into a directory, and {@value #CONFIG} where there is a chat template. @return what reads them there */
    TokenizerConfig write(Path directory) throws IOException;
}
