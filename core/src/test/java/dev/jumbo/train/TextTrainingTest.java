package dev.jumbo.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Column;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.sets.RaggedDataset;
import dev.jumbo.data.transform.RawDataset;
import dev.jumbo.data.transform.Tokenize;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.train.answer.Prediction;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.ModelFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From texts to answers: what training measures on held-out texts is what everybody is told later. */
class TextTrainingTest {
    private static final Field REVIEW = Field.text("review");
    private static final Field LABEL = Field.classId("label", List.of("bad", "good"));

    @TempDir
    Path directory;

    private final List<String> texts = new ArrayList<>();
    private final List<Long> labels = new ArrayList<>();

    /** One word decides, among others that do not, in texts of 1 to 12 words. */
    private Dataset reviews(int rows, long seed) {
        texts.clear();
        labels.clear();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < rows; i++) {
            int words = 1 + random.nextInt(12);
            int at = random.nextInt(words);
            long label = random.nextInt(2);
            StringBuilder text = new StringBuilder();
            for (int w = 0; w < words; w++) {
                text.append(w == at ? label == 1 ? "Great " : "awful " : "word" + random.nextInt(20) + " ");
            }
            texts.add(text.toString());
            labels.add(label);
        }
        Dataset rowsOfTexts = RaggedDataset.of(
                List.of(Column.Bytes.of(REVIEW, texts.toArray(String[]::new))),
                List.of(ArrayDataset.column(
                        LABEL, labels.stream().mapToLong(l -> l).toArray())));
        return RawDataset.of(rowsOfTexts, Map.of("review", Tokenize.words(50)));
    }

    private static Sequential model() {
        return Layers.sequential(
                Layers.embedding(50, 8), Layers.permute(2, 1), Layers.globalAvgPool(), Layers.dense(2));
    }

    private Checkpoint train(Dataset training, Dataset validation) {
        return Trainer.of(model())
                .epochs(12)
                .batchSize(16)
                .learningRate(0.02)
                .seed(7)
                .saveTo(directory.resolve("run"))
                .build()
                .fit(training, validation);
    }

    @Test
    void training_evaluation_and_prediction_say_the_same_of_the_same_texts() {
        Dataset training = reviews(200, 1);
        Dataset validation = reviews(64, 2);
        Checkpoint best = train(training, validation);

        Map<String, Double> evaluated = Evaluator.evaluate(best, validation);
        assertThat(evaluated.get("loss")).isCloseTo(best.trainer().metrics().get("val_loss"), within(1e-6));
        double sum = 0;
        try (Predictor predictor = Predictor.of(best)) {
            List<Prediction> together = predictor.answerTexts(texts).rows();
            for (int i = 0; i < texts.size(); i++) {
                float[] probabilities = predictor
                        .predictRaw(List.of(Column.Bytes.of(REVIEW, texts.get(i))))
                        .get(0);
                sum -= Math.log(probabilities[(int) (long) labels.get(i)]);
                assertThat(together.get(i).toString())
                        .as("a text among others, of other lengths, and alone")
                        .contains(labels.get(i) == 1 ? "good" : "bad");
            }
            assertThat(sum / texts.size()).isCloseTo(evaluated.get("loss"), within(1e-5));
            assertThat(predictor
                            .answerRows(List.of(Map.of("review", "great word1", "id", 3)))
                            .rows()
                            .get(0)
                            .toString())
                    .isEqualTo(predictor
                            .answerTexts(List.of("GREAT word1"))
                            .rows()
                            .get(0)
                            .toString());
        }
    }

    @Test
    void the_checkpoint_has_the_vocabulary_of_the_training_split() {
        Checkpoint best = train(reviews(100, 1), reviews(20, 2));
        ModelFile model = best.description();
        assertThat(model.rawInputs()).containsExactly(REVIEW);
        assertThat(model.inputs().get(0).isRagged()).isTrue();
        Tokenize kept = (Tokenize) Objects.requireNonNull(model.transforms().get("review"));
        assertThat(kept.entries()).hasSize(22).contains("great", "awful", "word0");
    }

    @Test
    void a_row_without_its_text_is_told() {
        Checkpoint best = train(reviews(50, 1), reviews(20, 2));
        try (Predictor predictor = Predictor.of(best)) {
            assertThat(predictor.takesRecords()).isTrue();
            assertThatThrownBy(() -> predictor.answerRows(List.of(Map.of("review", "great"), Map.of("revie", "great"))))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("row 1: expected a text as \"review\"")
                    .hasMessageContaining("revie");
            assertThatThrownBy(() -> predictor.answerTexts(List.of("great", " ")))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("row 1: review: expected a text, received one without a token");
        }
    }
}
