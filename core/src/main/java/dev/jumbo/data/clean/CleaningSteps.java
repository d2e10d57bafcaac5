package dev.jumbo.data.clean;

import java.util.List;

/** The list of steps that files may name. */
public final class CleaningSteps {
    private CleaningSteps() {}

    /** Every step that a configuration or a model may name; nothing else is ever loaded from a file. */
    public static List<Class<? extends CleaningStep>> kinds() {
        return List.of(
                Dependency.class,
                Duplicates.class,
                Extract.class,
                MissingTokens.class,
                MissingValues.class,
                NormalizeText.class,
                NumbersOnly.class,
                Outliers.class,
                ParseNumber.class,
                Replace.class,
                ValidRange.class);
    }
}
