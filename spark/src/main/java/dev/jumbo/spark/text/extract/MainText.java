package dev.jumbo.spark.text.extract;

import java.util.List;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;

/**
 * The title and main text of a page.
 *
 * <ol>
 *   <li>{@link Pruner} takes out what never is main text, by element, role, visibility and the words of class and id.
 *   <li>{@link Teasers} takes out lists of other articles, which are prose too.
 *   <li>{@link Blocks} turns the rest into blocks as a browser shows them, each with its share of text in links.
 *   <li>{@link Container} finds the element whose blocks weigh most: prose counts for it, links against it. A subtree that
 *       holds the whole article and nothing else is the maximum.
 *   <li>{@link Selection} keeps, of its blocks, prose and what stands between: headings before prose, lists, short lines.
 * </ol>
 *
 * Everything is linear in the length of the page.
 *
 * @param title empty if there is none
 * @param text blocks, each on its own line; empty if there is no main text
 */
public record MainText(String title, String text) {
    /** Deeper elements are text of their ancestors: pages of people nest below 100, and broken ones without end. */
    private static final int MAX_DEPTH = 400;

    /** The main text of a page. */
    public static MainText of(String html) {
        org.jsoup.nodes.Document page =
                Parser.htmlParser().setMaxDepth(MAX_DEPTH).parseInput(html, "");
        String title = title(page);
        Element body = page.body();
        Pruner.prune(body);
        Teasers.remove(body);
        List<Block> blocks = Blocks.of(body);
        Element container = Container.of(body, blocks);
        return new MainText(title, Selection.text(container, blocks, title));
    }

    private static String title(org.jsoup.nodes.Document page) {
        Element graph = page.selectFirst("meta[property=og:title][content]");
        return (graph == null ? page.title() : graph.attr("content")).strip();
    }
}
