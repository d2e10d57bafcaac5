package dev.jumbo.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.data.Field;
import dev.jumbo.data.Transform;
import dev.jumbo.text.Encoding;
import dev.jumbo.text.EncodingOptions;
import dev.jumbo.text.Tokenizer;
import dev.jumbo.text.dataset.WordPlaces;
import dev.jumbo.text.transform.TokenizerTransform;
import dev.jumbo.train.answer.OutputAnswer;
import dev.jumbo.train.answer.Prediction;
import dev.jumbo.train.checkpoint.ModelFile;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a model that classifies the tokens of a text says of its words: the label of each, by its first token; or, where the classes are the
 * tokenizer's tokens, what stands in the place of each {@code [MASK]}.
 *
 * @param input name of the text
 * @param names whether the classes have names, and are no tokens
 */
record TextAnswers(String input, TokenizerTransform transform, Tokenizer tokenizer, boolean names)
        implements AutoCloseable {
    private static final int MOST = 5;
    private static final List<String> MASKS = List.of("[MASK]", "<mask>");

    /** Null for another model. */
    static @Nullable TextAnswers of(ModelFile model) {
        if (model.rawInputs().size() != 1 || model.targets().size() != 1) {
            return null;
        }
        Field input = model.rawInputs().get(0);
        Field target = model.targets().get(0);
        Transform transform = model.transforms().get(input.name());
        if (!(transform instanceof TokenizerTransform tokens) || !target.isRagged() || target.unit() != 1) {
            return null;
        }
        return new TextAnswers(
                input.name(),
                tokens,
                tokens.tokenizer().open(),
                !target.classes().isEmpty());
    }

    /** Whether it says something of an answer. */
    private boolean fits(Example example, Prediction prediction) {
        return prediction.outputs().size() == 1
                && prediction.first() instanceof OutputAnswer.Positions positions
                && positions.shape().rank() == 1
                && example.row().get(input) instanceof String;
    }

    private Encoding encoding(String text) {
        EncodingOptions options = transform.addSpecialTokens() ? EncodingOptions.marked() : EncodingOptions.plain();
        return tokenizer.encoding(text, options.truncatedTo(transform.maxLength()));
    }

    /** Adds {@code words} or {@code masks}; false where there is nothing to say. */
    boolean add(ObjectNode line, Example example, Prediction prediction) {
        if (!fits(example, prediction)) {
            return false;
        }
        String text = String.valueOf(example.row().get(input));
        List<OutputAnswer.OneClass> each = ((OutputAnswer.Positions) prediction.first()).each();
        Encoding encoding = encoding(text);
        if (names) {
            words(line.putArray("words"), text, encoding, each);
        } else {
            masks(line.putArray("masks"), encoding, each);
        }
        return true;
    }

    private static void words(ArrayNode into, String text, Encoding encoding, List<OutputAnswer.OneClass> each) {
        List<WordPlaces.Word> words = WordPlaces.of(text);
        int[] first = WordPlaces.firstTokens(encoding, words);
        for (int w = 0; w < first.length; w++) {
            WordPlaces.Word word = words.get(w);
            ObjectNode one = into.addObject()
                    .put("word", word.of(text))
                    .put("start", word.start())
                    .put("end", word.end());
            if (first[w] < 0) {
                one.putNull("label"); // Behind what the model reads.
            } else {
                OutputAnswer.OneClass answer = each.get(first[w]);
                one.put("label", answer.label()).put("probability", answer.probability());
            }
        }
    }

    private void masks(ArrayNode into, Encoding encoding, List<OutputAnswer.OneClass> each) {
        List<Integer> masks =
                MASKS.stream().map(tokenizer::id).filter(id -> id >= 0).toList();
        for (int i = 0; i < encoding.length(); i++) {
            if (!masks.contains(encoding.ids()[i])) {
                continue;
            }
            float[] probabilities = each.get(i).probabilities();
            ArrayNode tokens = into.addObject()
                    .put("start", encoding.starts()[i])
                    .put("end", encoding.ends()[i])
                    .putArray("tokens");
            IntStream.range(0, Math.min(probabilities.length, tokenizer.vocabularySize()))
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer id) -> -probabilities[id]))
                    .limit(MOST)
                    .forEach(id ->
                            tokens.addObject().put("token", tokenizer.token(id)).put("probability", probabilities[id]));
        }
    }

    /** Answers as JSON, of words where there is something to say of them. */
    static AnswerFormat json(@Nullable TextAnswers texts, PrintWriter out, Kept kept) {
        AnswerFormat others = AnswerFormat.json(out, kept);
        return (example, prediction) -> {
            ObjectNode line = JsonNodeFactory.instance.objectNode().put("input", example.name());
            kept.add(line, example);
            if (texts != null && prediction != null && texts.add(line, example, prediction)) {
                out.println(line);
            } else {
                others.write(example, prediction);
            }
        };
    }

    /** Answers for people: {@code Anna/B-PER lives/O}, or the most probable tokens of each mask. */
    static AnswerFormat text(@Nullable TextAnswers texts, PrintWriter out) {
        AnswerFormat others = AnswerFormat.text(out);
        return (example, prediction) -> {
            ObjectNode said = JsonNodeFactory.instance.objectNode();
            if (texts != null && prediction != null && texts.add(said, example, prediction)) {
                out.println(example.name() + "\t" + texts.shown(said));
            } else {
                others.write(example, prediction);
            }
        };
    }

    private String shown(ObjectNode said) {
        List<String> parts = new ArrayList<>();
        said.path("words")
                .forEach(word -> parts.add(
                        word.path("word").asText() + "/" + word.path("label").asText()));
        said.path("masks").forEach(mask -> {
            StringJoiner tokens = new StringJoiner(" ");
            mask.path("tokens")
                    .forEach(token -> tokens.add(String.format(
                            Locale.ROOT,
                            "%s %.4f",
                            token.path("token").asText(),
                            token.path("probability").asDouble())));
            parts.add(tokens.toString());
        });
        return String.join(names ? " " : "\t", parts);
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
