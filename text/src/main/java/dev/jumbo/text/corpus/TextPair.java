package dev.jumbo.text.corpus;

/**
 * Two texts that belong together, such as a sentence and its translation.
 *
 * @param where file and line, for errors
 */
public record TextPair(String source, String target, String where) {
    /** Whether one of them says nothing. */
    public boolean isHalf() {
        return source.isBlank() || target.isBlank();
    }
}
