package dev.jumbo.spark.text;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A text with its name and what is known of it. Immutable.
 *
 * <p>The split into words is made once, at its first use, and shared by all rules that see the same text.
 */
public final class Document {
    /** Key of {@link #metadata()}: where the document is from. */
    public static final String URL = "url";
    /** Key of {@link #metadata()}: the ISO 639-1 code of its language. */
    public static final String LANGUAGE = "language";
    /** Key of {@link #metadata()}: how sure that is, from 0 to 1. */
    public static final String LANGUAGE_SCORE = "language_score";
    /** Key of {@link #metadata()}: the title of a web page. */
    public static final String TITLE = "title";

    private final String id;
    private final String text;
    private final Map<String, String> metadata;

    // Made at first use. A race makes equal objects, of which one stays.
    private volatile @Nullable Words words;
    private volatile @Nullable NormalWords normalWords;

    private Document(String id, String text, Map<String, String> metadata) {
        this.id = Objects.requireNonNull(id);
        this.text = Objects.requireNonNull(text);
        this.metadata = metadata;
    }

    /** A document. @param id unique in its corpus */
    public static Document of(String id, String text, Map<String, String> metadata) {
        return new Document(id, text, Map.copyOf(metadata));
    }

    /** A document of which nothing more is known. */
    public static Document of(String id, String text) {
        return new Document(id, text, Map.of());
    }

    public String id() {
        return id;
    }

    public String text() {
        return text;
    }

    /** What is known of it: {@link #URL}, {@link #LANGUAGE}, and whatever its source said. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** This document with another text; itself if that is the same. */
    public Document withText(String changed) {
        return changed.equals(text) ? this : new Document(id, changed, metadata);
    }

    /** This document with one more thing known of it. */
    public Document with(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(metadata);
        more.put(key, value);
        Document copy = new Document(id, text, Map.copyOf(more));
        copy.words = words;
        copy.normalWords = normalWords;
        return copy;
    }

    /** Words and lines as they are written. */
    public Words words() {
        Words made = words;
        if (made == null) {
            made = Words.of(text);
            words = made;
        }
        return made;
    }

    /** Words for comparison with other documents. */
    public NormalWords normalWords() {
        NormalWords made = normalWords;
        if (made == null) {
            made = NormalWords.of(text);
            normalWords = made;
        }
        return made;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Document that
                && id.equals(that.id)
                && text.equals(that.text)
                && metadata.equals(that.metadata);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, text, metadata);
    }

    @Override
    public String toString() {
        return id + " (" + text.length() + " characters)";
    }
}
