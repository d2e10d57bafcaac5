package dev.jumbo.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlaceTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            serve.repository.versions.latest | versions.latest: expected 1 or more | serve.repository.versions.latest: expected 1 or more
            versions.latest                  | versions.latest: expected 1 or more | versions.latest: expected 1 or more
            serve                            | serve.port: expected 0 to 65535     | serve.port: expected 0 to 65535
            serve.access.quota               | quota: expected rows                | serve.access.quota: expected rows
            canary                           | canary.weight: expected 0 to 1      | canary.weight: expected 0 to 1
            model.layers.0.dense             | expected 1 or more units            | model.layers.0.dense: expected 1 or more units
            data.dataset                     | dataset.csv.files: expected a file  | data.dataset.csv.files: expected a file
            train.epochs                     | stop: expected another              | train.epochs: stop: expected another
            train                            | cannot read a b: denied             | train: cannot read a b: denied
            a.b                              | b.b: expected c                     | a.b.b: expected c
            """)
    void a_key_that_the_message_says_too_is_said_once(String key, String message, String said) {
        assertThat(Place.of(key, message)).isEqualTo(said);
    }
}
