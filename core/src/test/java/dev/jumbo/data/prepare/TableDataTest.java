package dev.jumbo.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.SharedData;
import dev.jumbo.config.YamlFile;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.data.Row;
import dev.jumbo.data.clean.Cleaned;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.data.split.Shares;
import dev.jumbo.data.split.SplitMethod;
import dev.jumbo.data.split.Splits;
import dev.jumbo.data.table.encode.TableDataset;
import dev.jumbo.data.table.encode.TableEncoding;
import dev.jumbo.data.table.encode.TableLayout;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.train.checkpoint.Kinds;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class TableDataTest {
    @TempDir
    Path dir;

    private static final String SMALL = """
            train: {csv: {path: PATH, missing: ["", "?"], max_bad_share: 0.5}}
            columns: {age: number, work: category, note: text}
            target: label
            clean:
              - duplicates
              - numbers: [age]
              - replace: {columns: [label], pattern: '\\.$', with: ''}
            """;

    @Test
    void from_yaml_to_features() throws IOException {
        TableData data = small("age,work,note,label\n10,a,x,no\n10,a,x,no\n30,b,y,yes.\nold,?,z,no\n1,2\n");
        Path malformed = dir.resolve("malformed.csv");
        Cleaned cleaned = data.cleanTrain(malformed);
        assertThat(cleaned.report().rowsIn()).isEqualTo(4);
        assertThat(cleaned.report().rowsOut()).isEqualTo(3);
        assertThat(cleaned.report().cellsChanged()).isEqualTo(2);
        assertThat(cleaned.report().malformed()).containsEntry("expected 4 fields, received 2", 1L);
        assertThat(malformed).exists();
        TableLayout layout = data.layout(cleaned.table());
        TableDataset train = TableDataset.of(cleaned.table(), layout);
        assertThat(train.targets().get(0).classes()).containsExactly("no", "yes");
        TableEncoding encoding = data.fit(train, layout);
        // age: z-score (mean 20, deviation 10) and whether it was missing; work: a, b, missing.
        assertThat(features(encoding, train, 0)).containsExactly(-1, 0, 1, 0, 0);
        assertThat(features(encoding, train, 1)).containsExactly(1, 0, 0, 1, 0);
        assertThat(features(encoding, train, 2)).containsExactly(0, 1, 0, 0, 1);
        assertThat(encoding.outputs(train.inputs()).get(0).elements()).isEqualTo(5);
    }

    @Test
    void a_target_of_prices_that_parse_number_does_not_understand_is_refused_with_the_likely_cause()
            throws IOException {
        // The euro sign of windows-1252 (byte 80) read as ISO-8859-1 is a control character.
        String broken = prices("ISO-8859-1", "target: price");
        assertThatThrownBy(() -> load(broken))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("price: parse_number understood 0 of 60 values")
                .hasMessageContaining("write charset: windows-1252");
        assertThat(load(prices("windows-1252", "target: price"))
                        .train()
                        .targets()
                        .get(0)
                        .classes())
                .isEmpty();
        assertThat(load(prices("ISO-8859-1", "target: price\ncolumns: {price: category}"))
                        .train()
                        .targets()
                        .get(0)
                        .classes())
                .hasSize(60);
        TableData input = data(prices("ISO-8859-1", "target: x"));
        assertThat(input.unread(input.cleanTrain(dir.resolve("malformed.csv"))))
                .singleElement()
                .asString()
                .startsWith("price: parse_number understood 0 of 60 values");
    }

    private DataParts load(String yaml) {
        return data(yaml).load(null, dir);
    }

    private String prices(String charset, String more) throws IOException {
        StringBuilder csv = new StringBuilder("x;price\n");
        for (int i = 0; i < 60; i++) {
            csv.append(i % 7 + 0.5).append(";1.").append(100 + i).append(",10 \u20ac\n");
        }
        Path file = dir.resolve("p.csv");
        Files.write(file, csv.toString().getBytes(Charset.forName("windows-1252")));
        return "train: {csv: {path: " + file + ", delimiter: ';', charset: " + charset + "}}\n" + more
                + "\nclean: [parse_number: {columns: [price]}]\n";
    }

    @Test
    void a_row_of_texts_gets_the_same_features_and_unseen_categories_none() throws IOException {
        TableData data = small("age,work,note,label\n10,a,x,no\n30,b,y,yes\n,?,z,no\n");
        Cleaned cleaned = data.cleanTrain(dir.resolve("malformed.csv"));
        TableLayout layout = data.layout(cleaned.table());
        TableEncoding encoding = data.fit(TableDataset.of(cleaned.table(), layout), layout);
        assertThat(features(encoding, encoding.raw(Map.of("age", " 30 ", "work", "b"))))
                .containsExactly(1, 0, 0, 1, 0);
        assertThat(features(encoding, encoding.raw(Map.of("work", "?")))).containsExactly(0, 1, 0, 0, 1);
        assertThat(features(encoding, encoding.raw(Map.of("age", "10", "work", "new"))))
                .containsExactly(-1, 0, 0, 0, 0);
        assertThatThrownBy(() -> encoding.raw(Map.of("agee", "1")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("did you mean \"age\"");
        assertThatThrownBy(() -> encoding.raw(Map.of("age", "old"))).hasMessageContaining("expected a number for age");
    }

    @Test
    void an_encoding_is_fitted_on_the_training_split_alone_and_survives_saving() throws IOException {
        TableData data = small("age,work,note,label\n10,a,x,no\n20,a,y,no\n30,a,x,yes\n90,b,w,no\n5,b,v,no\n");
        Cleaned cleaned = data.cleanTrain(dir.resolve("malformed.csv"));
        TableLayout layout = data.layout(cleaned.table());
        TableDataset all = TableDataset.of(cleaned.table(), layout);
        Dataset train = Splits.last(all, 0.4).train();
        TableEncoding encoding = data.fit(train, layout);
        assertThat(features(encoding, all, 3)).containsExactly(new float[] {8.573214f, 0}, within(1e-5f));
        JsonNode saved = Kinds.records().write(TableEncoding.class, encoding);
        assertThat(Kinds.records().read(TableEncoding.class, "model.json", saved))
                .isEqualTo(encoding);
    }

    @Test
    void a_misspelt_column_is_named_with_the_nearest() throws IOException {
        TableData data = small("age,work,note,labl\n10,a,x,no\n");
        assertThatThrownBy(() -> data.cleanTrain(dir.resolve("m.csv"))).hasMessageContaining("did you mean \"labl\"");
    }

    @Test
    void adult_has_the_published_rows_and_classes() {
        String tables = SharedData.require("tables").toAbsolutePath().toString();
        String names = "[age, workclass, fnlwgt, education, education_num, marital_status, occupation, relationship,"
                + " race, sex, capital_gain, capital_loss, hours_per_week, native_country, income]";
        TableData data = data("""
                train: {csv: {path: DIR/adult.data.gz, names: NAMES, missing: ["?"], max_bad_share: 0}}
                test: {csv: {path: DIR/adult.test.gz, names: NAMES, missing: ["?"], comment: "|", max_bad_share: 0}}
                target: income
                clean:
                  - replace: {columns: [income], pattern: '\\.$', with: ''}
                encode: {numbers: bins, bins: 32}
                """.replace("DIR", tables).replace("NAMES", names));
        Cleaned train = data.cleanTrain(dir.resolve("train.csv"));
        Cleaned test = data.cleanTest(dir.resolve("test.csv"));
        assertThat(train.report().rowsOut()).isEqualTo(32_561);
        assertThat(test.report().rowsOut()).isEqualTo(16_281);
        assertThat(test.report().cellsChanged()).isEqualTo(16_281);
        TableLayout layout = data.layout(train.table());
        Dataset split = Splits.stratified(TableDataset.of(train.table(), layout), 0.1, RandomState.of(1))
                .train();
        TableEncoding encoding = data.fit(split, layout);
        Dataset held = TableDataset.of(test.table(), layout);
        assertThat(held.targets().get(0).classes()).containsExactly("<=50K", ">50K");
        assertThat(encoding.width()).isBetween(250, 300);
        assertThat(features(encoding, held, 0)).hasSize(encoding.width()).doesNotContain(Float.NaN);
    }

    @Test
    void steps_that_take_figures_of_rows_that_are_held_out_later_are_named_once() throws IOException {
        String rows = "age,work,label\n10,a,no\n,a,no\n30,a,yes\n90,b,no\n5,b,yes\n7,b,no\n";
        String path = Files.writeString(dir.resolve("rows.csv"), rows).toString();
        String yaml = "train: {csv: {path: " + path + "}}\ntarget: label\nclean: [duplicates, %s]\n";
        String learning = "missing: {fill: mean, columns: [age]}, outliers: {columns: [age]}";

        assertThat(warnings(data(yaml.formatted(learning)), 0.5))
                .containsOnlyOnce("clean: step 2 (missing), step 3 (outliers) took figures of all rows, the 3 that")
                .contains("encode: {fill: mean}");
        assertThat(warnings(data(yaml.formatted(learning)), 0)).doesNotContain("took figures");
        assertThat(warnings(data(yaml.formatted("range: {columns: [age], min: 6}")), 0.5))
                .doesNotContain("took figures");
        assertThat(warnings(data(yaml.formatted("missing: {fill: constant, value: '0', columns: [age]}")), 0.5))
                .doesNotContain("took figures");
    }

    @Test
    void rows_that_training_leaves_out_and_values_that_it_does_not_understand_are_told_with_counts_and_places()
            throws IOException {
        Path file = Files.writeString(
                dir.resolve("odd.csv"),
                "born,price,left\n01.02.1990,12 EUR,no\negal,13,yes\n1,2,3,4,5\n31.02.1990,dear,no\n02.03.1991,14,yes\n");
        String said = warnings(data("""
                        train: {csv: {path: '%s', max_bad_share: 0.5}}
                        target: left
                        columns: {price: category, born: ignore}
                        clean: [parse_date: {columns: [born], formats: ['%%d.%%m.%%Y']}, date_parts: [born], parse_number: [price]]
                        """.formatted(file)), 0);
        assertThat(said)
                .containsOnlyOnce("1 of 5 records of " + file + " could not be read and are left out (1 with expected 3"
                        + " fields, received 5); they are in " + dir.resolve(TableData.MALFORMED_TRAIN))
                .containsOnlyOnce(
                        "cleaning of " + file + " did not understand some values, which are left as they are or"
                                + " are missing (born: not understood as a date: 2, price: not understood as a number: 1; the"
                                + " first in row 3: \"egal\"); jumbo prepare lists them");
        assertThat(dir.resolve(TableData.MALFORMED_TRAIN)).content().contains("1,2,3,4,5");
    }

    /** What is said when the preprocessing is fitted, twice as of two folds. @param share that is held out; 0: nothing */
    private String warnings(TableData data, double share) {
        Logger logger = (Logger) LoggerFactory.getLogger(TableData.class);
        ListAppender<ILoggingEvent> heard = new ListAppender<>();
        heard.start();
        logger.addAppender(heard);
        try {
            DataParts all = data.load(null, dir);
            DataParts parts = all.divide(SplitMethod.last(), new Shares(share, 0), null, 1);
            Function<Dataset, Preprocessing> fit = Objects.requireNonNull(parts.fit());
            assertThat(fit.apply(parts.train())).isNotNull();
            assertThat(fit.apply(parts.train())).isNotNull();
        } finally {
            logger.detachAppender(heard);
        }
        return heard.list.stream().map(ILoggingEvent::getFormattedMessage).collect(Collectors.joining("\n"));
    }

    private TableData small(String csv) throws IOException {
        Path file = Files.writeString(dir.resolve("small.csv"), csv);
        return data(SMALL.replace("PATH", file.toString()));
    }

    private static TableData data(String yaml) {
        return Kinds.records().read(TableData.class, YamlFile.parse("data.yaml", yaml));
    }

    private static float[] features(TableEncoding encoding, Dataset dataset, int index) {
        Row row = Row.single(dataset);
        dataset.read(index, row);
        return features(encoding, row.doubles(0));
    }

    private static float[] features(TableEncoding encoding, double[] raw) {
        float[] out = new float[encoding.width()];
        encoding.apply(raw, 0, out, 0);
        return out;
    }
}
