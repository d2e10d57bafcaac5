package dev.jumbo.train.metrics;

import dev.jumbo.error.InputException;
import java.util.Locale;

/** How precision, recall and F1 of several classes become one number. */
public enum Average {
    /** Of class 1 alone, where there are two. */
    BINARY,
    /** Of the counts summed over all classes. */
    MICRO,
    /** The mean over the classes that occur, among targets or predictions. */
    MACRO,
    /** The mean over the classes, weighted by how often each is right. */
    WEIGHTED;

    /** {@code f1_macro}; the bare name for class 1 of two. */
    String suffix(String metric) {
        return this == BINARY ? metric : metric + "_" + name().toLowerCase(Locale.ROOT);
    }

    /** @throws InputException if there are not the two classes that the binary average needs */
    void check(String metric, int classes) {
        if (this == BINARY && classes != 2) {
            throw new InputException("metrics: " + metric + " with the average binary is of class 1 of two, received "
                    + classes + " classes; write average: macro, micro or weighted");
        }
    }
}
