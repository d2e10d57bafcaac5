package dev.jumbo.nn;

/** What the predictions of a model say, which follows from its {@link Loss} and its {@link Target}. A metric fits some of them. */
public enum Answer {
    /** One of several classes: their probabilities, or that of the second of two. */
    CLASS("one class of several"),
    /** Several questions with yes or no: a probability for each. */
    LABELS("several labels that may be right at once"),
    /** Numbers, in the units of the target. */
    NUMBERS("numbers"),
    /** A sequence of labels in more steps than labels, which no metric compares step by step. */
    SEQUENCE("a sequence of labels without positions"),
    /** What a loss of the user's own says, which nothing is known of. */
    OWN("what the loss says");

    private final String words;

    Answer(String words) {
        this.words = words;
    }

    /** For messages: {@code one class of several}. */
    public String words() {
        return words;
    }
}
