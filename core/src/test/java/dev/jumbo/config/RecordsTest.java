package dev.jumbo.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.error.InputException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordsTest {
    enum Padding {
        VALID,
        SAME_AS_INPUT
    }

    interface Part {}

    record Size(int height, int width) {
        @Scalar
        static Size of(int side) {
            return new Size(side, side);
        }

        @Scalar
        static Size of(List<Integer> sides) {
            if (sides.size() != 2) {
                throw new InputException("expected [height, width], received " + sides);
            }
            return new Size(sides.get(0), sides.get(1));
        }
    }

    @Kind("conv")
    record Conv(
            @Doc("Output channels.") int filters,
            @Default("3") Size kernelSize,
            @Default("same_as_input") Padding padding)
            implements Part {
        Conv {
            if (filters < 1) {
                throw new InputException("expected 1 or more filters, received " + filters);
            }
        }
    }

    @Kind("flatten")
    record Flatten() implements Part {}

    @Kind("chain")
    record Chain(List<Part> parts) implements Part {}

    record Numbers(long a, double b, float c, boolean d, String e, Path f, long[] g) {}

    record Optional(
            @Default("null") @Nullable Integer seed,
            @Default("{}") Map<String, Double> weights) {}

    private final Records records = Records.of().with(Part.class, List.of(Conv.class, Flatten.class, Chain.class));

    private <T> T read(Class<T> type, String... lines) {
        return records.read(type, YamlFile.parse("m.yaml", String.join("\n", lines)));
    }

    @Test
    void reads_kinds_as_mappings_single_values_and_bare_names() {
        Part part = read(
                Part.class,
                "chain:",
                "  - conv: {filters: 32, kernel_size: [3, 5], padding: valid}",
                "  - conv: 8",
                "  - flatten");

        assertThat(part)
                .isEqualTo(new Chain(List.of(
                        new Conv(32, new Size(3, 5), Padding.VALID),
                        new Conv(8, new Size(3, 3), Padding.SAME_AS_INPUT),
                        new Flatten())));
    }

    @Test
    void writes_every_default_in_the_order_of_declaration_and_reads_it_back() {
        Part part = new Chain(List.of(new Conv(8, new Size(3, 3), Padding.VALID), new Flatten()));

        JsonNode tree = records.write(Part.class, part);

        assertThat(tree)
                .hasToString("{\"chain\":{\"parts\":[{\"conv\":{\"filters\":8,\"kernel_size\":"
                        + "{\"height\":3,\"width\":3},\"padding\":\"valid\"}},\"flatten\"]}}");
        assertThat(records.read(Part.class, "written", tree)).isEqualTo(part);
        assertThat(read(Part.class, YamlText.yaml(tree))).isEqualTo(part);
        assertThat(read(Part.class, YamlText.json(tree))).isEqualTo(part);
    }

    @Test
    void keeps_numbers_exactly_through_yaml_and_json() {
        double[] values = {0.1, 1e-300, Math.PI, 4.9e-324, 1e22, -0.0, Double.NaN, Double.NEGATIVE_INFINITY, 1e-4};
        for (double value : values) {
            Numbers numbers = new Numbers(
                    Long.MAX_VALUE, value, 0.1f, true, "no", Path.of("a/b c.csv"), new long[] {Long.MIN_VALUE, 0});

            JsonNode tree = records.write(Numbers.class, numbers);

            for (String text : Arrays.asList(YamlText.yaml(tree), YamlText.json(tree))) {
                Numbers back = read(Numbers.class, text);
                assertThat(back)
                        .usingRecursiveComparison()
                        .withEqualsForType(Double::equals, Double.class)
                        .isEqualTo(numbers);
            }
        }
    }

    @Test
    void takes_defaults_for_absent_keys_and_null_only_where_it_is_allowed() {
        assertThat(read(Optional.class, "{}")).isEqualTo(new Optional(null, Map.of()));
        assertThat(read(Optional.class, "seed: null\nweights: {b: 1, a: .5}"))
                .isEqualTo(new Optional(null, Map.of("a", 0.5, "b", 1.0)));
        assertThatThrownBy(() -> read(Optional.class, "weights:"))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("m.yaml:1: weights: expected a mapping, as in {key: value}, received nothing");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {conv: {filter: 3}}            | m.yaml:1: conv.filter: unknown key "filter" (did you mean "filters"?)
        {conv: {}}                     | m.yaml:1: conv: the key "filters" is missing: Output channels.
        {conv: {filters: many}}        | m.yaml:1: conv.filters: expected a whole number, received "many"
        {conv: {filters: 1.5}}         | m.yaml:1: conv.filters: expected a whole number, received 1.5
        {conv: {filters: 3000000000}}  | m.yaml:1: conv.filters: expected a whole number, received 3000000000
        {conv: 0}                      | m.yaml:1: conv: expected 1 or more filters, received 0
        {conv: {filters: 1, kernel_size: [1]}} | m.yaml:1: conv.kernel_size: expected [height, width], received [1]
        {conv: {filters: 1, padding: vlid}} | m.yaml:1: conv.padding: expected one of [valid, same_as_input], received "vlid"; did you mean "valid"?
        {conf: 1}                      | m.yaml:1: conf: unknown part "conf" (did you mean "conv"?)
        {flatten: 3}                   | m.yaml:1: flatten: expected no values here, received 3
        {chain: [flatten, 7]}          | m.yaml:1: chain.parts.1: expected a part by name, as in "name" or {name: {key: value}}, received 7
        """)
    void says_file_line_key_expected_and_received(String yaml, String message) {
        assertThatThrownBy(() -> read(Part.class, yaml))
                .isInstanceOf(InputException.class)
                .hasMessage(message);
    }

    @Test
    void an_error_deep_in_a_file_has_the_line_of_its_own_key() {
        assertThatThrownBy(() ->
                        read(Part.class, "chain:", "  parts:", "    - flatten", "    - conv:", "        filters: x"))
                .hasMessage("m.yaml:5: chain.parts.1.conv.filters: expected a whole number, received \"x\"");
        assertThatThrownBy(() -> read(Part.class, "chain:", "  - flatten", "  -", "    conv: x"))
                .hasMessage("m.yaml:4: chain.parts.1.conv.filters: expected a whole number, received \"x\"");
    }

    @Test
    void refuses_a_type_that_files_may_not_name() {
        record Stray() implements Part {}
        assertThatThrownBy(() -> records.write(Part.class, new Stray()))
                .isInstanceOf(UnknownKindException.class)
                .hasMessageContaining("Stray")
                .hasMessageContaining("META-INF/services/dev.jumbo.config.KindProvider");
        assertThatThrownBy(() ->
                        Records.of().with(Part.class, List.of(Stray.class)).schema("x", Part.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a record with a @Kind");
    }

    @Test
    void describes_itself_as_json_schema() {
        JsonNode schema = records.schema("Parts", Part.class);

        assertThat(schema.at("/$schema").asText()).isEqualTo("https://json-schema.org/draft/2020-12/schema");
        assertThat(schema.at("/$ref").asText()).isEqualTo("#/$defs/part");
        JsonNode conv = schema.at("/$defs/part.conv");
        assertThat(conv.at("/properties/filters"))
                .hasToString("{\"type\":\"integer\",\"description\":\"Output channels.\"}");
        assertThat(conv.at("/properties/padding"))
                .hasToString("{\"enum\":[\"valid\",\"same_as_input\"],\"default\":\"same_as_input\"}");
        assertThat(conv.at("/required")).hasToString("[\"filters\"]");
        assertThat(schema.at("/$defs/part/oneOf").findValuesAsText("enum")).isNotNull();
        assertThat(schema.at("/$defs/part/oneOf/3/enum")).hasToString("[\"flatten\"]");
    }

    @Kind("named")
    record Named(Map<String, Double> weights) implements Part {}

    @Kind("around")
    record Around(Part inner) implements Part {}

    /** A mapping behind the name of a kind is the whole of it, never its first component alone. */
    @Test
    void the_schema_offers_no_mapping_that_is_read_as_something_else() {
        Records of = Records.of().with(Part.class, List.of(Flatten.class, Named.class, Around.class));
        String kinds = of.schema("Parts", Part.class).at("/$defs/part/oneOf").toString();

        assertThat(kinds)
                .contains("\"named\":{\"$ref\":\"#/$defs/part.named\"}")
                .contains("{\"allOf\":[{\"$ref\":\"#/$defs/part\"},{\"not\":{\"type\":\"object\"}}]}");
        assertThatThrownBy(() -> of.read(Part.class, YamlFile.parse("m.yaml", "named: {a: 1.0}")))
                .hasMessageContaining("unknown key \"a\"");
        assertThat(of.read(Part.class, YamlFile.parse("m.yaml", "around: flatten")))
                .isEqualTo(new Around(new Flatten()));
        assertThatThrownBy(() -> of.read(Part.class, YamlFile.parse("m.yaml", "around: {named: {weights: {a: 1.0}}}")))
                .hasMessageContaining(
                        "unknown key \"named\"; it is a value of \"inner\": write inner: {named: ...} here");
    }
}
