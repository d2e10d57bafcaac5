package dev.jumbo.models.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.nn.FirstValues;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.generate.CausalNetwork;
import dev.jumbo.nn.generate.TokenNetwork;
import dev.jumbo.nn.weights.ParameterGroups;
import dev.jumbo.nn.weights.Weights;
import dev.jumbo.tensor.Device;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;

/** What tests of readers have in common. */
public final class Imported {
    private Imported() {}

    public static Path file(String name) {
        try {
            return Path.of(Objects.requireNonNull(Imported.class.getResource("/" + name), name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Logits behind the fixture's ids, to 1e-4. */
    public static void assertLogits(ImportedModel imported, JsonNode fixture) {
        assertThat(imported.check().fresh()).isEmpty();
        Model model = Model.build(
                imported.model().layer(),
                imported.model().input(),
                FirstValues.loaded(Weights.of(imported.weights())),
                ParameterGroups.none(),
                Device.CPU);
        int[] ids = new int[fixture.path("ids").size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = fixture.path("ids").get(i).intValue();
        }
        try (CausalNetwork network = CausalNetwork.of(model, imported.model().maxPositionEmbeddings());
                TokenNetwork.Session session = network.open(ids)) {
            float[] logits = session.next(new int[][] {ids})[0];
            assertThat(logits).hasSize(fixture.path("logits").size());
            for (int i = 0; i < logits.length; i++) {
                double expected = fixture.path("logits").get(i).doubleValue();
                assertThat((double) logits[i]).isCloseTo(expected, within(1e-4 * Math.max(1, Math.abs(expected))));
            }
        }
    }
}
