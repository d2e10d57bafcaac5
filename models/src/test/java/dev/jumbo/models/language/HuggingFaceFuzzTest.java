package dev.jumbo.models.language;

import dev.jumbo.error.InputException;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.fuzz.MemoryFolder;
import dev.jumbo.fuzz.Untrusted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Directories of a stranger: {@code config.json} and the model that it describes, names of classes, and {@code modules.json}. */
class HuggingFaceFuzzTest {
    private static final Untrusted UNTRUSTED =
            Untrusted.refusedBy(InputException.class).allocating(64 << 20, 16 << 10);
    private static final LanguageModel ENCODER = encoder();
    private static final Path POOLED = pooled();

    private static LanguageModel encoder() {
        return HuggingFace.model(Fixtures.of("bert_sentences"));
    }

    /** A directory that has the second module's configuration; that of the list is written anew for each input. */
    private static Path pooled() {
        try {
            Path directory = MemoryFolder.make();
            Path pooling = Files.createDirectory(directory.resolve("1_Pooling"));
            Path config = pooling.resolve("config.json");
            Files.writeString(config, "{\"word_embedding_dimension\": 24, \"pooling_mode_mean_tokens\": true}");
            pooling.toFile().deleteOnExit();
            config.toFile().deleteOnExit();
            directory.resolve("modules.json").toFile().deleteOnExit();
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The model that it describes, and its layers, whatever it says of their number. */
    @Fuzzed
    void config(byte[] bytes) {
        UNTRUSTED.parseFile(
                bytes,
                "config.json",
                file -> HuggingFace.model(Objects.requireNonNull(file.getParent()))
                        .layer());
    }

    @Fuzzed
    void labels(byte[] bytes) {
        UNTRUSTED.parseFile(bytes, "config.json", HuggingFace::labels);
    }

    @Fuzzed
    void modules(byte[] bytes) {
        UNTRUSTED.parse(bytes, () -> {
            Files.write(POOLED.resolve("modules.json"), bytes);
            return SentenceModules.used(ENCODER, POOLED);
        });
    }

    /** The second module's configuration, the list of modules being sound. */
    @Fuzzed
    void pooling(byte[] bytes) {
        UNTRUSTED.parseFile(bytes, "pooling.json", file -> {
            Path directory = Objects.requireNonNull(file.getParent());
            Path list = directory.resolve("modules.json");
            Path config = directory.resolve("config.json");
            try {
                Files.writeString(
                        list,
                        "[{\"type\": \"sentence_transformers.models.Transformer\", \"path\": \"\"},"
                                + " {\"type\": \"sentence_transformers.models.Pooling\", \"path\": \".\"}]",
                        StandardCharsets.UTF_8);
                Files.write(config, bytes);
                return SentenceModules.used(ENCODER, directory);
            } finally {
                Files.deleteIfExists(list);
                Files.deleteIfExists(config);
            }
        });
    }
}
