package dev.jumbo.train.metrics.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.jumbo.config.Records;
import dev.jumbo.error.InputException;
import dev.jumbo.train.checkpoint.Kinds;
import dev.jumbo.train.metrics.BootstrapInterval;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Against sacrebleu, rouge_score, the script of SQuAD and seqeval: src/test/python/make_text_metric_fixtures.py. */
class TextMetricsTest {
    private static final Offset<Double> CLOSE = within(1e-9);
    private static final JsonNode FIXTURES = read();

    private static JsonNode read() {
        try (InputStream file = TextMetricsTest.class.getResourceAsStream("/metrics/texts.json")) {
            return new ObjectMapper().readTree(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static List<List<String>> lists(JsonNode list) {
        List<List<String>> lists = new ArrayList<>();
        list.forEach(one -> lists.add(texts(one)));
        return lists;
    }

    private static List<TextScore> score(TextMetric metric, JsonNode corpus) {
        return TextMetrics.score(
                List.of(metric), texts(corpus.get("hypotheses")), lists(corpus.get("references")), 0, 0);
    }

    /** As a configuration says it. */
    private static TextMetric metric(String kind, JsonNode settings) {
        JsonNode tree = JsonNodeFactory.instance.objectNode().set(kind, settings);
        return Kinds.records().read(TextMetric.class, "test", tree);
    }

    @Test
    void bleu_chrf_and_ter_and_their_signatures_are_those_of_sacrebleu() {
        int compared = 0;
        for (JsonNode corpus : FIXTURES.get("corpora")) {
            for (JsonNode expected : corpus.get("sacrebleu")) {
                TextScore score = score(metric(expected.get("kind").asText(), expected.get("settings")), corpus)
                        .get(0);
                assertThat(score.value())
                        .as("%s of %s", expected, texts(corpus.get("hypotheses")))
                        .isCloseTo(expected.get("score").asDouble(), CLOSE);
                assertThat(score.signature())
                        .startsWith(expected.get("signature").asText() + "version:jumbo-");
                compared++;
            }
        }
        assertThat(compared).isEqualTo(6 * 22);
    }

    /** What sacrebleu 2.6.0 gives for the hypotheses "a b" and "e f". */
    @Test
    void an_empty_reference_is_one_without_words_as_with_sacrebleu() {
        List<String> hypotheses = List.of("a b", "e f");
        List<List<String>> one = List.of(List.of("a b"), List.of(""));
        List<List<String>> two = List.of(List.of("a b", "c d"), List.of("", "e f"));
        Bleu unigrams = new Bleu("13a", false, "exp", null, 1, false);
        assertThat(TextMetrics.value(unigrams, hypotheses, one)).isCloseTo(50, CLOSE);
        assertThat(TextMetrics.value(unigrams, hypotheses, two)).isCloseTo(100, CLOSE);
        assertThat(TextMetrics.value(TextMetrics.chrf(), hypotheses, one)).isCloseTo(100, CLOSE);
        assertThat(TextMetrics.value(TextMetrics.ter(), hypotheses, one)).isCloseTo(100, CLOSE);
        assertThat(TextMetrics.value(TextMetrics.ter(), hypotheses, two)).isZero();
    }

    @Test
    void bleu_tells_its_parts_as_sacrebleu_does() {
        for (JsonNode corpus : FIXTURES.get("corpora")) {
            Bleu bleu = TextMetrics.bleu();
            List<String> hypotheses = texts(corpus.get("hypotheses"));
            double[] sums = new double[10];
            for (int i = 0; i < hypotheses.size(); i++) {
                double[] one = bleu.statistics(
                        hypotheses.get(i), texts(corpus.get("references").get(i)));
                for (int k = 0; k < sums.length; k++) {
                    sums[k] += one[k];
                }
            }
            assertThat(bleu.corpus(sums).text())
                    .isEqualTo(corpus.get("sacrebleu").get(0).get("verbose").asText());
        }
    }

    @Test
    void rouge_is_that_of_rouge_score_with_and_without_its_stemmer() {
        List<JsonNode> corpora = new ArrayList<>();
        FIXTURES.get("corpora").forEach(corpora::add);
        corpora.add(FIXTURES.get("summaries"));
        for (JsonNode corpus : corpora) {
            for (boolean stemmer : new boolean[] {false, true}) {
                JsonNode expected = corpus.get(stemmer ? "rouge_stemmed" : "rouge");
                Rouge rouge = new Rouge(List.of("rouge1", "rouge2", "rouge3", "rougeL", "rougeLsum"), stemmer);
                for (TextScore score : score(rouge, corpus)) {
                    assertThat(score.value())
                            .as("%s, stemmer %s", score.name(), stemmer)
                            .isCloseTo(expected.get(score.name()).asDouble(), CLOSE);
                }
            }
        }
    }

    @Test
    void words_lose_their_endings_as_with_the_stemmer_of_nltk() {
        List<String> wrong = new ArrayList<>();
        FIXTURES.get("stems").fields().forEachRemaining(stem -> {
            String got = PorterStemmer.stem(stem.getKey());
            if (!got.equals(stem.getValue().asText())) {
                wrong.add(stem.getKey() + ": " + got + " for " + stem.getValue().asText());
            }
        });
        assertThat(wrong).isEmpty();
        assertThat(FIXTURES.get("stems").size()).isGreaterThan(1000);
    }

    @Test
    void exact_match_and_token_f1_are_those_of_the_script_of_squad() {
        JsonNode answers = FIXTURES.get("answers");
        for (TextMetric metric : List.of(TextMetrics.exactMatch(), TextMetrics.tokenF1())) {
            TextScore score = score(metric, answers).get(0);
            assertThat(score.value()).isCloseTo(answers.get(score.name()).asDouble(), CLOSE);
        }
        List<List<String>> references = List.of(List.of("The cat"), List.of("dog"));
        assertThat(TextMetrics.value(new ExactMatch(false), List.of("the cat", "dog"), references))
                .isEqualTo(0.5);
        assertThat(TextMetrics.value(TextMetrics.tokenF1(), List.of("", "a"), List.of(List.of("the"), List.of("x"))))
                .isEqualTo(0.5);
    }

    @Test
    void entities_are_counted_as_by_seqeval_in_its_strict_mode() {
        JsonNode entities = FIXTURES.get("entities");
        List<List<String>> truth = lists(entities.get("truth"));
        List<List<String>> predicted = lists(entities.get("predicted"));
        EntityScores scores = EntityScores.of(truth, predicted);
        requireSame(scores.micro(), entities.get("micro"));
        requireSame(scores.macro(), entities.get("macro"));
        requireSame(scores.weighted(), entities.get("weighted"));
        assertThat(scores.types()).hasSize(entities.get("types").size());
        scores.types().forEach((type, score) -> {
            requireSame(score, entities.get("types").get(type));
            assertThat(score.support())
                    .isEqualTo(entities.get("types").get(type).get(3).asLong());
        });
        List<TextScore> micro = TextMetrics.score(
                List.of(TextMetrics.entityF1()),
                predicted.stream().map(tags -> String.join(" ", tags)).toList(),
                truth.stream().map(tags -> List.of(String.join(" ", tags))).toList(),
                200,
                1);
        assertThat(micro.get(0).value()).isCloseTo(scores.micro().f1(), CLOSE);
        assertThat(interval(micro.get(0)).lower()).isLessThan(scores.micro().f1());
    }

    private static BootstrapInterval interval(TextScore score) {
        return Objects.requireNonNull(score.interval());
    }

    private static void requireSame(EntityScores.Score score, JsonNode expected) {
        assertThat(score.precision()).isCloseTo(expected.get(0).asDouble(), CLOSE);
        assertThat(score.recall()).isCloseTo(expected.get(1).asDouble(), CLOSE);
        assertThat(score.f1()).isCloseTo(expected.get(2).asDouble(), CLOSE);
    }

    @Test
    void an_interval_holds_the_value_is_the_same_for_a_seed_and_narrows_with_more_texts() {
        JsonNode corpus = FIXTURES.get("corpora").get("drawn");
        List<String> hypotheses = texts(corpus.get("hypotheses"));
        List<List<String>> references = lists(corpus.get("references"));
        TextScore score = TextMetrics.score(List.of(TextMetrics.bleu()), hypotheses, references, 500, 3)
                .get(0);
        assertThat(interval(score).value()).isEqualTo(score.value());
        assertThat(score.value())
                .isBetween(interval(score).lower(), interval(score).upper());
        assertThat(score.signature()).contains("|bs:500|seed:3|");
        assertThat(TextMetrics.score(List.of(TextMetrics.bleu()), hypotheses, references, 500, 3)
                        .get(0))
                .isEqualTo(score);
        List<String> more = new ArrayList<>();
        List<List<String>> ofMore = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            more.addAll(hypotheses);
            ofMore.addAll(references);
        }
        TextScore narrow = TextMetrics.score(List.of(TextMetrics.bleu()), more, ofMore, 500, 3)
                .get(0);
        assertThat(narrow.value()).isCloseTo(score.value(), within(1e-9));
        assertThat(interval(narrow).upper() - interval(narrow).lower())
                .isLessThan(0.6 * (interval(score).upper() - interval(score).lower()));
    }

    @Test
    void a_mistake_is_refused_with_what_was_expected() {
        assertThatThrownBy(() -> new Bleu("13b"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("[13a, intl, char, none]");
        assertThatThrownBy(() -> new Bleu("13a", false, "exp", 0.1, 4, false))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("floor or add-k");
        assertThatThrownBy(() -> new Rouge(List.of("rouge"), false)).hasMessageContaining("rougeLsum");
        assertThatThrownBy(() -> TextMetrics.value(TextMetrics.bleu(), List.of("a"), List.of()))
                .hasMessageContaining("references of 0");
        assertThatThrownBy(() -> TextMetrics.value(TextMetrics.bleu(), List.of("a"), List.of(List.of())))
                .hasMessageContaining("text 0");
        assertThatThrownBy(() -> TextMetrics.value(TextMetrics.entityF1(), List.of("O E-PER"), List.of(List.of("O O"))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("\"E-PER\"");
        assertThatThrownBy(() -> TextMetrics.value(TextMetrics.entityF1(), List.of("O"), List.of(List.of("O O"))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("text 0: entity_f1: expected as many tags");
    }

    @Test
    void a_configuration_names_them_by_one_word() {
        Records records = Kinds.records();
        for (String name : List.of("bleu", "chrf", "ter", "rouge", "exact_match", "token_f1", "entity_f1")) {
            TextMetric metric = records.read(TextMetric.class, "test", JsonNodeFactory.instance.textNode(name));
            assertThat(metric.figures().get(0)).startsWith(name.equals("rouge") ? "rouge1" : name);
        }
    }
}
