package dev.jumbo.train.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.error.InputException;
import dev.jumbo.train.metrics.ConfusionMatrix;
import dev.jumbo.train.metrics.MetricFixtures;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClassificationReportTest {
    static List<MetricFixtures> classifications() {
        return MetricFixtures.all().stream().filter(f -> f.json().has("report")).toList();
    }

    @ParameterizedTest
    @MethodSource("classifications")
    void prints_what_scikit_learn_prints(MetricFixtures fixture) {
        List<String> names = StreamSupport.stream(fixture.json().get("classes").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
        ClassificationReport report = ClassificationReport.of(ConfusionMatrix.of(fixture.predictions()), names);
        assertThat(report.text()).isEqualTo(fixture.json().get("report").asText());
        assertThat(report.text(4))
                .isEqualTo(fixture.json().get("report_digits_4").asText());
    }

    @ParameterizedTest
    @MethodSource("classifications")
    void counts_as_scikit_learn_does(MetricFixtures fixture) {
        JsonNode counts = new ObjectMapper()
                .valueToTree(ConfusionMatrix.of(fixture.predictions()).rows());
        assertThat(counts.toString()).isEqualTo(fixture.json().get("confusion").toString());
    }

    @Test
    void becomes_json_by_its_components() {
        ConfusionMatrix matrix = ConfusionMatrix.of(MetricFixtures.all().get(0).predictions());
        JsonNode json = new ObjectMapper().valueToTree(ClassificationReport.of(matrix, List.of()));
        assertThat(json.get("accuracy").asDouble()).isEqualTo(matrix.accuracy());
        assertThat(json.get("classes").get(2).get("name").asText()).isEqualTo("2");
        assertThat(json.get("classes").get(2).get("support").isIntegralNumber()).isTrue();
        assertThat(json.get("classes").get(2).get("support").asDouble()).isEqualTo(matrix.support(2));
        assertThat(json.get("macro").get("f1").asDouble()).isPositive();
    }

    @Test
    void refuses_a_wrong_number_of_names() {
        assertThatThrownBy(() -> ClassificationReport.of(new ConfusionMatrix(3), List.of("a", "b")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("each of 3 classes, received 2 names");
    }
}
