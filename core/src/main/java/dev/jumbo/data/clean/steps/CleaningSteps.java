package dev.jumbo.data.clean.steps;

import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.dates.DateParts;
import dev.jumbo.data.clean.dates.ParseDate;
import dev.jumbo.data.clean.expect.Expect;
import dev.jumbo.data.clean.merge.MergeSimilar;
import dev.jumbo.data.clean.rules.Rule;
import dev.jumbo.data.clean.text.Lower;
import dev.jumbo.data.clean.text.Title;
import dev.jumbo.data.clean.text.Upper;
import dev.jumbo.data.clean.text.ValueMap;
import java.util.List;

/** The list of steps that files may name. */
public final class CleaningSteps {
    private CleaningSteps() {}

    /** Every step that a configuration or a model may name; nothing else is ever loaded from a file. */
    public static List<Class<? extends CleaningStep>> kinds() {
        return List.of(
                DateParts.class,
                Dependency.class,
                Duplicates.class,
                Expect.class,
                Extract.class,
                Lower.class,
                MergeSimilar.class,
                MissingTokens.class,
                MissingValues.class,
                NormalizeText.class,
                NumbersOnly.class,
                Outliers.class,
                ParseDate.class,
                ParseNumber.class,
                Replace.class,
                Rule.class,
                Title.class,
                Upper.class,
                ValidRange.class,
                ValueMap.class);
    }
}
