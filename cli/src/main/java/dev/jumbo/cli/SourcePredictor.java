package dev.jumbo.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.error.InputException;
import dev.jumbo.models.generate.TextAnswer;
import dev.jumbo.models.generate.TextGenerator;
import dev.jumbo.nn.generate.GenerationConfig;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Answers texts one by one, as translations of sentences: a line for each, the text alone or a JSON object. A blank line has a blank answer, so that
 * line i of the answers belongs to line i of a file.
 *
 * @param marks whether a text that cannot be answered gets its error; if not, it ends all
 */
record SourcePredictor(TextGenerator model, GenerationConfig generation, boolean json, boolean marks) {
    /** The key under which texts are given and told. */
    static final String SOURCE = "source";

    /** Writes the answers to all texts of some inputs. @param say hears what should be known of all */
    void answer(Iterable<String> inputs, PrintWriter to, Consumer<String> say) {
        int[] counts = new int[2];
        String[] first = {""};
        for (String input : inputs) {
            new SourceTexts(SOURCE).read(input, (name, text) -> {
                counts[0]++;
                String refused = write(name, text, to);
                if (!refused.isEmpty()) {
                    first[0] = counts[1]++ == 0 ? name + ": " + refused : first[0];
                }
            });
        }
        if (counts[0] == 0) {
            throw new InputException("expected a text or more to answer, received none in " + inputs);
        }
        if (counts[1] > 0) {
            say.accept(counts[1] + " of " + counts[0] + " texts could not be answered and are marked; the first: "
                    + first[0]);
        }
    }

    /** @return why it has no answer; empty where it has */
    private String write(String name, String text, PrintWriter to) {
        ObjectNode line =
                JsonNodeFactory.instance.objectNode().put("input", name).put(SOURCE, text);
        String refused = "";
        String said = "";
        if (text.isBlank()) {
            line.put("text", "");
        } else {
            try {
                TextAnswer answer = model.generate(text, generation);
                said = answer.text();
                line.put("text", said);
                line.put("finish_reason", answer.generated().finish().name().toLowerCase(Locale.ROOT));
                if (!Double.isNaN(answer.generated().score())) {
                    line.put("score", answer.generated().score());
                }
            } catch (InputException e) {
                if (!marks) {
                    throw new InputException(name + ": " + e.getMessage(), e);
                }
                refused = String.valueOf(e.getMessage());
                line.put("error", refused);
            }
        }
        to.println(json ? line.toString() : SourceEvaluation.line(said));
        return refused;
    }
}
