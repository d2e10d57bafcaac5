package dev.jumbo.config;

/**
 * A type that files write as a plain value instead of a mapping: a number, a text, or a list of those. It has a public
 * static method {@code fromPlain(Object)} that reads the value back and rejects others with an {@link
 * dev.jumbo.error.InputException}.
 *
 * <pre>{@code
 * kernel_size: 3          # Size2d.of(3, 3)
 * kernel_size: [3, 5]     # Size2d.of(3, 5)
 * padding: same           # Padding.same()
 * }</pre>
 */
public interface Plain {
    /** A {@link Number}, {@link String}, {@link Boolean}, or a {@link java.util.List} of those. */
    Object toPlain();
}
