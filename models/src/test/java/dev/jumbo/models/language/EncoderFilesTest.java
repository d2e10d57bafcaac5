package dev.jumbo.models.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.config.Records;
import dev.jumbo.error.InputException;
import dev.jumbo.models.imports.ImportedModel;
import dev.jumbo.nn.weights.WeightFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories of encoders that transformers wrote, written again: check_encoder_exports.py loads them. */
class EncoderFilesTest {
    @TempDir
    Path dir;

    @ParameterizedTest
    @MethodSource("names")
    void what_is_written_has_the_names_that_were_read_and_is_the_same_model(String name) throws IOException {
        HuggingFaceModel read = HuggingFace.read(Fixtures.of(name));
        Path written = Path.of(System.getProperty("jumbo.encoder.exports", dir.toString()))
                .resolve(name + "-written");
        HuggingFace.write(
                written,
                read.model().layer(),
                read.model().inputs(),
                List.of(),
                read.weights(),
                read.files(),
                null,
                1L << 40);
        HuggingFaceModel again = HuggingFace.read(written);
        assertThat(again.model()).isEqualTo(read.model());
        Set<String> names = new TreeSet<>(WeightFiles.open(Fixtures.of(name).resolve("model.safetensors"))
                .tensors()
                .keySet());
        // The vector of the whole text belongs to a task that this one is not.
        names.removeIf(tensor -> name.equals("bert_sentences") && tensor.startsWith("pooler."));
        assertThat(WeightFiles.open(written.resolve("model.safetensors"))
                        .tensors()
                        .keySet())
                .isEqualTo(names);
        assertThat(Files.readString(written.resolve("config.json")))
                .contains(ConfigJson.read(Fixtures.of(name).resolve("config.json"))
                        .architectures()
                        .get(0));
    }

    @Test
    void a_t5_whose_inputs_have_the_names_of_its_data_is_written_as_any_other() {
        HuggingFaceModel read = HuggingFace.read(Fixtures.of("t5"));
        T5 t5 = (T5) read.model();
        ObjectNode keys = (ObjectNode) Records.of().write(T5.class, t5);
        T5 named = Records.of().read(T5.class, "t5", keys.put("encoder_input", "tokens"));
        Path written = dir.resolve("named");
        HuggingFace.write(written, named.layer(), named.inputs(), List.of(), read.weights(), Map.of(), null, 1L << 40);
        assertThat(HuggingFace.read(written).model()).isEqualTo(t5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"multi_label_classification", "regression", "one label"})
    void outputs_that_are_not_classes_of_which_one_is_right_are_not_taken_for_such(String problem) throws IOException {
        ObjectNode config = (ObjectNode) new ObjectMapper()
                .readTree(Fixtures.of("bert_classes").resolve("config.json").toFile());
        if (problem.equals("one label")) {
            config.putObject("id2label").put("0", "LABEL_0");
        } else {
            config.put("problem_type", problem);
        }
        Path file = Files.writeString(dir.resolve("config.json"), config.toString());
        HuggingFaceModel read = HuggingFace.read(Fixtures.of("bert_classes"));
        ImportedModel imported =
                ImportedModel.of(new HuggingFaceModel(read.model(), read.weights(), Map.of("config.json", file)));
        assertThatThrownBy(imported::targets)
                .isInstanceOf(InputException.class)
                .hasMessageContaining("received " + problem);
        assertThat(ImportedModel.of(read).targets().get(0).classes()).hasSize(3);
    }

    /** Those of make_encoder_fixtures.py. */
    static List<String> names() {
        return List.of(
                "bert_mlm",
                "bert_classes",
                "bert_tokens",
                "bert_sentences",
                "roberta_mlm",
                "roberta_classes",
                "roberta_tokens",
                "t5",
                "t5_gated");
    }
}
