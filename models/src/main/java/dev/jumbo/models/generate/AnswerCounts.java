package dev.jumbo.models.generate;

/**
 * How many answers of conversations are right.
 *
 * @param name of the file that they are of
 * @param answers that were asked for
 * @param right those that are what the conversation has, but for blanks around them
 * @param dialogues conversations with an answer
 * @param whole those of which every answer is right
 */
public record AnswerCounts(String name, long answers, long right, long dialogues, long whole) {
    /** None yet. */
    public static AnswerCounts none(String name) {
        return new AnswerCounts(name, 0, 0, 0, 0);
    }

    /** With one more conversation. */
    AnswerCounts with(int asked, int rightOnes) {
        return new AnswerCounts(
                name, answers + asked, right + rightOnes, dialogues + 1, whole + (asked == rightOnes ? 1 : 0));
    }

    /** With those of another file. */
    AnswerCounts with(AnswerCounts other) {
        return new AnswerCounts(
                name, answers + other.answers, right + other.right, dialogues + other.dialogues, whole + other.whole);
    }

    /** Per-response accuracy, from 0 to 1. */
    public double responseAccuracy() {
        return (double) right / answers;
    }

    /** Per-dialogue accuracy, from 0 to 1. */
    public double dialogueAccuracy() {
        return (double) whole / dialogues;
    }
}
