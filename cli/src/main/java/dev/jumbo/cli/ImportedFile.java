package dev.jumbo.cli;

import dev.jumbo.error.InputException;
import dev.jumbo.error.IoProblem;
import dev.jumbo.models.gguf.GgufModel;
import dev.jumbo.models.imports.ImportedModel;
import dev.jumbo.models.llama2c.Llama2cFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A model that is one file: GGUF, known by its first bytes or its name, or llama2.c.
 *
 * @param tokenizer of llama2.c, or null to look beside the file
 * @param say hears where there is none
 */
record ImportedFile(Path file, @Nullable Path tokenizer, Consumer<String> say) {
    private static final byte[] GGUF = {'G', 'G', 'U', 'F'};

    ImportedModel read() {
        if (Arrays.equals(beginning(), GGUF) || file.toString().endsWith(".gguf")) {
            if (tokenizer != null) {
                throw new InputException("--tokenizer: expected none beside a GGUF file, which has its own");
            }
            return GgufModel.read(file);
        }
        ImportedModel model = Llama2cFile.read(file, null);
        return Llama2cFile.read(file, tokenizer == null ? beside(model.model().vocabSize()) : tokenizer);
    }

    private byte[] beginning() {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(GGUF.length);
        } catch (IOException e) {
            throw new InputException("cannot read " + file + ": " + IoProblem.of(e), e);
        }
    }

    private @Nullable Path beside(int vocabulary) {
        for (String name : new String[] {"tok" + vocabulary + ".bin", "tokenizer.bin"}) {
            Path found = file.resolveSibling(name);
            if (Files.isRegularFile(found)) {
                return found;
            }
        }
        say.accept("no tokenizer beside " + file + "; --tokenizer names one, here or where texts are generated");
        return null;
    }
}
