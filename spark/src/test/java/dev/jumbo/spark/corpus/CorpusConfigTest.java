package dev.jumbo.spark.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.config.YamlFile;
import dev.jumbo.config.YamlText;
import dev.jumbo.error.InputException;
import dev.jumbo.spark.corpus.input.TarInput;
import dev.jumbo.spark.corpus.input.WarcInput;
import dev.jumbo.spark.corpus.stage.MinHashDedup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CorpusConfigTest {
    private static CorpusConfig parse(String yaml) {
        return CorpusConfig.read(YamlFile.parse("corpus.yaml", yaml));
    }

    private static CorpusConfig example(String name) {
        return CorpusConfig.read(YamlFile.read(Path.of("../examples", name)));
    }

    @Test
    void examples_can_be_read() {
        assertThat(example("corpus_newsgroups.yaml").inputs()).hasOnlyElementsOfType(TarInput.class);
        assertThat(example("corpus_warc.yaml").inputs()).hasOnlyElementsOfType(WarcInput.class);
        assertThat(example("corpus_warc.yaml").stages()).contains(new MinHashDedup(5, 14, 8, 1, 0.3));
    }

    @Test
    void the_schema_in_the_documentation_is_the_one_of_this_version() throws IOException {
        String schema = YamlText.json(CorpusConfig.schema());
        Path made = Files.writeString(Path.of("target/pipeline.schema.json"), schema);
        assertThat(Path.of("../docs/pipeline.schema.json"))
                .as("the schema; if it has changed: cp spark/%s docs/", made)
                .hasContent(schema);
    }

    @Test
    void unknown_names_are_told_with_file_line_and_the_nearest() {
        assertThatThrownBy(() -> parse("corpus:\n  inputs: [{text: a.txt}]\n  stages:\n    - gofer_quality\n"))
                .hasMessageContaining("corpus.yaml:4")
                .hasMessageContaining("gopher_quality");
        assertThatThrownBy(() -> parse("corpus:\n  inputs: [{text: a.txt}]\n  outputs: {}\n"))
                .hasMessageContaining("corpus.yaml:3")
                .hasMessageContaining("output");
    }

    @Test
    void values_out_of_range_are_refused() {
        Stream.of(
                        "corpus: {inputs: []}",
                        "corpus: {inputs: [{text: a}], max_bad_share: 1.5}",
                        "corpus: {inputs: [{text: a}], max_document_mb: 0}",
                        "corpus: {inputs: [{text: a}], output: {documents: false}}",
                        "corpus: {inputs: [{text: a}], output: {tokens: {tokenizer: bytes, shard_mb: 2000}}}",
                        "corpus: {inputs: [{text: a}], output: {tokens: {shard_mb: 1}}}",
                        "corpus: {inputs: [{text: a}], output: {tokenizer: {vocab_size: 0}}}",
                        "corpus: {inputs: [{text: a}], output: {tokenizer: {end_of_document: <x>}}}",
                        "corpus: {inputs: [{text: a}], stages: [{minhash_dedup: {min_similarity: 2}}]}",
                        "corpus: {inputs: [{text: {path: a, per: page}}]}")
                .forEach(yaml -> assertThatThrownBy(() -> parse(yaml))
                        .as(yaml)
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("received")
                        .hasMessageContaining("expected"));
    }
}
