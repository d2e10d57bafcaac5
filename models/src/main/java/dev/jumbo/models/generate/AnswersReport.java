package dev.jumbo.models.generate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/**
 * How many generated answers are right, in each file and in all.
 *
 * @param files in their order
 * @param wrong the answers that are not
 */
public record AnswersReport(List<AnswerCounts> files, List<WrongAnswer> wrong) {
    public AnswersReport {
        files = List.copyOf(files);
        wrong = List.copyOf(wrong);
    }

    /** Of all files together. */
    public AnswerCounts all() {
        return files.stream().reduce(AnswerCounts.none("all"), AnswerCounts::with);
    }

    /** A table, a line for each file and one for all. */
    public String text() {
        int width = files.stream().mapToInt(file -> file.name().length()).max().orElse(0);
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%-" + Math.max(width, 3) + "s %9s %9s %9s %9s %9s %9s%n",
                "",
                "answers",
                "right",
                "%",
                "dialogues",
                "right",
                "%"));
        files.forEach(file -> text.append(line(file, width)));
        if (files.size() > 1) {
            text.append(line(all(), width));
        }
        return text.toString();
    }

    private static String line(AnswerCounts of, int width) {
        return String.format(
                Locale.ROOT,
                "%-" + Math.max(width, 3) + "s %9d %9d %9.2f %9d %9d %9.2f%n",
                of.name(),
                of.answers(),
                of.right(),
                100 * of.responseAccuracy(),
                of.dialogues(),
                of.whole(),
                100 * of.dialogueAccuracy());
    }

    /** The same for machines; accuracies are from 0 to 1. */
    public ObjectNode json() {
        ObjectNode json = describe(all());
        ArrayNode each = json.putArray("files");
        files.forEach(file -> each.add(describe(file).put("file", file.name())));
        return json;
    }

    private static ObjectNode describe(AnswerCounts of) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("response_accuracy", of.responseAccuracy())
                .put("dialogue_accuracy", of.dialogueAccuracy())
                .put("responses", of.answers())
                .put("right_responses", of.right())
                .put("dialogues", of.dialogues())
                .put("right_dialogues", of.whole());
    }
}
