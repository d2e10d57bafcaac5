package dev.jumbo.spark.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.shards.TokenManifest;
import dev.jumbo.error.InputException;
import dev.jumbo.spark.corpus.report.CorpusReport;
import dev.jumbo.spark.corpus.tokenizer.TokenizerOutput;
import dev.jumbo.text.PretrainedTokens;
import dev.jumbo.text.Tokenizer;
import dev.jumbo.text.split.WordRules;
import dev.jumbo.text.train.TokenizerType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tokenizer that a corpus trains on the way. */
class TrainedTokenizerTest {
    private static final String YAML = """
            corpus:
              inputs:
                - text: %s
              stages:
                - exact_dedup
              output:
                tokenizer: {vocab_size: 400}
                tokens: {shard_mb: 0.1}
              max_document_mb: 0.01
            """;

    @TempDir
    private Path dir;

    private static TokenizerOutput settings(TokenizerType type, int size) {
        return new TokenizerOutput(type, size, 0, null, null, WordRules.GPT2, true, null, 0);
    }

    @Test
    void it_is_the_one_of_the_documents_in_one_process_and_makes_the_tokens() throws IOException {
        List<String> lines = Corpora.lines(200, 60, 3);
        Path corpus = Corpora.write(dir.resolve("corpus.txt"), lines);
        CorpusReport report = Corpora.run(YAML.formatted(corpus), dir.resolve("out"));

        String made = Files.readString(dir.resolve("out/tokenizer/tokenizer.json"));
        assertThat(made)
                .isEqualTo(
                        settings(TokenizerType.BPE, 400).trainer().train(lines).json());
        assertThat(made)
                .isEqualTo(settings(TokenizerType.BPE, 400)
                        .trainer()
                        .trainFiles(List.of(dir.resolve("out")))
                        .json());
        TokenManifest manifest = TokenManifest.read(dir.resolve("out/tokens"));
        assertThat(manifest.documents()).isEqualTo(200);
        try (Tokenizer tokenizer =
                PretrainedTokens.of(dir.resolve("out/tokenizer")).open()) {
            assertThat(tokenizer.vocabularySize()).isEqualTo(400);
            long tokens = lines.stream()
                    .mapToLong(line -> tokenizer.encode(line).length + 1L)
                    .sum();
            assertThat(manifest.tokens()).isEqualTo(tokens);
        }
        assertThat(report.tokens()).isNotNull();

        FileTime before = Files.getLastModifiedTime(stage("train_tokenizer"));
        Corpora.run(YAML.formatted(corpus), dir.resolve("out"));
        assertThat(Files.getLastModifiedTime(stage("train_tokenizer"))).isEqualTo(before);
        Corpora.run(YAML.formatted(corpus).replace("400", "300"), dir.resolve("out"));
        assertThat(Files.readString(dir.resolve("out/tokenizer/tokenizer.json")))
                .isEqualTo(
                        settings(TokenizerType.BPE, 300).trainer().train(lines).json());
    }

    private Path stage(String name) throws IOException {
        try (var stages = Files.list(dir.resolve("out/.stages"))) {
            return stages.filter(each -> each.toString().contains(name))
                    .findFirst()
                    .orElseThrow()
                    .resolve("_DONE");
        }
    }

    @Test
    void every_type_is_the_same_in_parts_as_in_one() throws IOException {
        List<String> lines = Corpora.lines(60, 30, 4);
        Path corpus = Corpora.write(dir.resolve("corpus.txt"), lines);
        for (TokenizerType type : TokenizerType.values()) {
            String name = type.name().toLowerCase(java.util.Locale.ROOT);
            Corpora.run(
                    "corpus: {inputs: [{text: " + corpus + "}], output: {tokenizer: {type: " + name
                            + ", vocab_size: 290}}}",
                    dir.resolve(name));
            assertThat(Files.readString(dir.resolve(name).resolve("tokenizer/tokenizer.json")))
                    .as(name)
                    .isEqualTo(settings(type, 290).trainer().train(lines).json());
        }
    }

    @Test
    void a_vocabulary_that_is_too_small_is_refused_and_nothing_is_published() throws IOException {
        Path corpus = Corpora.write(dir.resolve("corpus.txt"), Corpora.lines(5, 20, 5));
        assertThatThrownBy(() -> Corpora.run(YAML.formatted(corpus).replace("400", "100"), dir.resolve("out")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("at least 257 tokens");
        assertThat(dir.resolve("out/report.json")).doesNotExist();
        assertThat(dir.resolve("out/tokenizer")).doesNotExist();
    }
}
