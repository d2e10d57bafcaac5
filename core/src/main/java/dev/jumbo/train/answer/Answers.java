package dev.jumbo.train.answer;

import java.util.List;
import java.util.stream.IntStream;

/** What a model says of some examples. @param rows one for each example, in their order */
public record Answers(List<Prediction> rows) {
    public Answers {
        rows = List.copyOf(rows);
    }

    /** These with warnings. @param each for each row */
    public Answers withWarnings(List<List<String>> each) {
        return new Answers(IntStream.range(0, rows.size())
                .mapToObj(row ->
                        each.get(row).isEmpty() ? rows.get(row) : rows.get(row).withWarnings(each.get(row)))
                .toList());
    }
}
