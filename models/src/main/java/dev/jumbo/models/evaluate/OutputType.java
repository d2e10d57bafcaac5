package dev.jumbo.models.evaluate;

import java.util.Locale;

/** What a task asks of a model. */
public enum OutputType {
    /** Which of several continuations is the most probable one. */
    MULTIPLE_CHOICE,
    /** How probable one continuation is. */
    LOGLIKELIHOOD,
    /** How probable whole texts are. */
    LOGLIKELIHOOD_ROLLING,
    /** What it writes behind a prompt. */
    GENERATE_UNTIL;

    /** As task files write it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
