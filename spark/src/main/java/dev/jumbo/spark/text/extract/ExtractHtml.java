package dev.jumbo.spark.text.extract;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.spark.text.Document;
import dev.jumbo.spark.text.Outcome;
import dev.jumbo.spark.text.TextStep;

/**
 * The main text of a web page in place of its HTML: a paragraph a line, a blank line between blocks that are further
 * apart. The title goes into what is known of the document ({@link Document#TITLE}).
 *
 * <p>Pages of bytes are decoded first, by {@link HtmlDecoder}. How the text is found is told at {@link MainText}.
 */
@Kind("extract_html")
public record ExtractHtml(
        @Doc("Pages with more characters are dropped: they are data, not text.") @Default("5000000")
        int maxCharacters,

        @Doc("Fewest characters of main text.") @Default("1")
        int minTextLength)
        implements TextStep {
    public ExtractHtml {
        if (maxCharacters < 1 || minTextLength < 0) {
            throw new InputException(
                    "expected max_characters of at least 1 and min_text_length of at least 0, received " + maxCharacters
                            + " and " + minTextLength);
        }
    }

    /** Pages of up to five million characters. */
    public static ExtractHtml defaults() {
        return new ExtractHtml(5_000_000, 1);
    }

    @Override
    public Outcome apply(Document document) {
        String html = document.text();
        if (html.length() > maxCharacters) {
            return Outcome.drop(
                    "extract.too_large", html.length() + " characters of HTML, expected at most " + maxCharacters);
        }
        MainText page = MainText.of(html);
        if (page.text().length() < minTextLength) {
            return Outcome.drop(
                    "extract.no_text",
                    page.text().length() + " characters of main text, expected at least " + minTextLength);
        }
        Document extracted = document.withText(page.text());
        return Outcome.keep(page.title().isEmpty() ? extracted : extracted.with(Document.TITLE, page.title()));
    }
}
