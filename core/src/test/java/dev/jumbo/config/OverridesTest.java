package dev.jumbo.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import org.junit.jupiter.api.Test;

class OverridesTest {
    private static final ConfigDocument FILE =
            YamlFile.parse("f.yaml", "train:\n  epochs: 3\n  optimizer: adam\nlayers: [{dense: 10}, flatten]\n");

    private static String set(String assignment) {
        return Overrides.set(FILE, assignment).tree().toString();
    }

    @Test
    void sets_values_below_mappings_lists_and_bare_kinds() {
        assertThat(set("train.epochs=5")).contains("\"epochs\":5,\"optimizer\":\"adam\"");
        assertThat(set("train.optimizer.adam.learning_rate=3e-4"))
                .contains("\"optimizer\":{\"adam\":{\"learning_rate\":3.0E-4}}");
        assertThat(set("layers.0.dense=7")).contains("[{\"dense\":7},\"flatten\"]");
        assertThat(set("data.dir=a/b=c")).contains("\"data\":{\"dir\":\"a/b=c\"}");
        assertThat(FILE.tree().toString()).contains("\"epochs\":3");
    }

    @Test
    void an_error_in_a_set_value_names_the_option() {
        ConfigDocument document = Overrides.set(FILE, "train.epochs=x");

        assertThat(document.origin("train/epochs")).isEqualTo("--set train.epochs=x");
        assertThat(document.origin("train/optimizer")).isEqualTo("f.yaml:3");
    }

    @Test
    void refuses_what_is_not_an_assignment_and_paths_that_lead_nowhere() {
        assertThatThrownBy(() -> set("train.epochs"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected --set key=value");
        assertThatThrownBy(() -> set("train.epochs.x=1"))
                .hasMessageContaining("train.epochs is 3 and has no keys")
                .hasMessageContaining("--set 'train.epochs={KEY: 3, x: ...}'");
        assertThatThrownBy(() -> set("train.optimizer.learning_rate=1"))
                .hasMessageContaining("its name comes first: --set train.optimizer.adam.learning_rate=...");
        assertThatThrownBy(() -> set("layers.2=1")).hasMessageContaining("expected an index from 0 to 1 behind layers");
    }
}
