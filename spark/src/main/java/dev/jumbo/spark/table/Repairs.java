package dev.jumbo.spark.table;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.config.YamlFile;
import dev.jumbo.config.YamlText;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.clean.steps.Dependency;
import dev.jumbo.data.clean.steps.Duplicates;
import dev.jumbo.data.clean.steps.MissingValues;
import dev.jumbo.data.clean.steps.Outliers;
import dev.jumbo.data.table.Table;
import dev.jumbo.train.checkpoint.Kinds;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/** Steps on their way to executors: as the text of a configuration, since records of steps are not made to be shipped. */
final class Repairs {
    private Repairs() {}

    static String text(CleaningStep step) {
        JsonNode tree = Kinds.records().write(CleaningStep.class, step);
        return YamlText.json(tree);
    }

    static <T extends CleaningStep> T read(Class<T> type, String text) {
        return type.cast(Kinds.records().read(CleaningStep.class, YamlFile.parse("a step", text)));
    }

    /** A step that looks at one row at a time. */
    record Local(String step) implements Repair {
        @Override
        public void apply(Table part, List<Facts> facts, Edits edits) {
            read(CleaningStep.class, step).apply(part, edits);
        }
    }

    /** @param fills by column */
    record Fill(String step, Map<Integer, String> fills) implements Repair {
        @Override
        public void apply(Table part, List<Facts> facts, Edits edits) {
            MissingValues missing = read(MissingValues.class, step);
            fills.forEach((column, filled) -> missing.fill(part, edits, column, filled));
        }
    }

    /** What is allowed of a column, and the extremes of what is there. */
    record Limits(double low, double high, double least, double most) implements Serializable {}

    /** @param limits by column */
    record Fence(String step, Map<Integer, Limits> limits) implements Repair {
        @Override
        public void apply(Table part, List<Facts> facts, Edits edits) {
            Outliers outliers = read(Outliers.class, step);
            limits.forEach((column, l) ->
                    outliers.act(part, edits, column, new Outliers.Bounds(l.low(), l.high()), l.least(), l.most()));
        }
    }

    /** A majority, or that there is none among different values, comes with each row. */
    record Vote(String step) implements Repair {
        /** Stands before the value of a majority. */
        static final String MAJORITY = "=";

        /** In place of a majority where values differ and none has it. */
        static final String UNDECIDED = "?";

        @Override
        public void apply(Table part, List<Facts> facts, Edits edits) {
            Dependency dependency = read(Dependency.class, step);
            for (int i = 0; i < dependency.columns().size(); i++) {
                int column = part.indexOf(dependency.columns().get(i));
                for (int row = 0; row < part.rows(); row++) {
                    String[] votes = facts.get(row).votes();
                    if (votes.length > 0 && votes[i] != null && votes[i].startsWith(MAJORITY)) {
                        dependency.repair(part, edits, row, column, votes[i].substring(MAJORITY.length()));
                    } else if (votes.length > 0 && votes[i] != null) {
                        dependency.undecided(part, edits, row, column);
                    }
                }
            }
        }
    }

    /** Whether a row was there before comes with it. */
    record Again(String step) implements Repair {
        @Override
        public void apply(Table part, List<Facts> facts, Edits edits) {
            Duplicates duplicates = read(Duplicates.class, step);
            int column = duplicates.key().isEmpty()
                    ? 0
                    : part.indexOf(duplicates.key().get(0));
            for (int row = 0; row < part.rows(); row++) {
                if (facts.get(row).again()) {
                    edits.drop(row, column, duplicates.reason());
                }
            }
        }
    }
}
