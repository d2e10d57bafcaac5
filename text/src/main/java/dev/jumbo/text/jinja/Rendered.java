package dev.jumbo.text.jinja;

import java.util.List;

/**
 * What a template made.
 *
 * @param spans of the text that was written while a loop was at one of the tracked values
 * @param generated what {@code {% generation %}} blocks wrote
 */
public record Rendered(String text, List<TextSpan> spans, List<TextSpan> generated) {
    public Rendered {
        spans = List.copyOf(spans);
        generated = List.copyOf(generated);
    }
}
