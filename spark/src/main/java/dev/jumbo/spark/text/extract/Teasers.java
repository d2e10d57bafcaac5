package dev.jumbo.spark.text.extract;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;

/**
 * Takes lists of other articles out of a page: siblings of which each is a linked heading and a short text, as pages put
 * below or beside an article. The blurbs are prose, so their names and links alone don't give them away.
 *
 * <p>A page that has little prose besides is such a list itself (an overview, a list of products), and stays.
 */
final class Teasers implements NodeVisitor {
    /** Fewer may be sections of an article with links in their headings. */
    private static final int FEWEST = 3;

    private static final int LONGEST = 700;
    /** Of a page's text outside of links, what has to be outside of teasers. */
    private static final double SMALLEST_REST = 0.2;

    private final Map<Element, Content> contents = new IdentityHashMap<>();
    private final List<Element> teasers = new ArrayList<>();
    private int links;
    private int headings;
    private int free;

    private static final class Content {
        private int characters;
        private int linkedHeadings;
        private final List<Element> teasers = new ArrayList<>();

        boolean isTeaser() {
            return linkedHeadings == 1 && characters <= LONGEST;
        }
    }

    private Teasers() {}

    static void remove(Element body) {
        Teasers visitor = new Teasers();
        body.traverse(visitor);
        int inside = 0;
        for (Element teaser : visitor.teasers) {
            inside += visitor.contentOf(teaser).characters;
        }
        if (visitor.free - inside > SMALLEST_REST * visitor.free) {
            visitor.teasers.forEach(Element::remove);
        }
    }

    private Content contentOf(Element element) {
        return contents.computeIfAbsent(element, key -> new Content());
    }

    @Override
    public void head(Node node, int depth) {
        if (node instanceof TextNode text) {
            if (links == 0 && headings == 0 && node.parent() instanceof Element parent) {
                int length = text.getWholeText().strip().length();
                contentOf(parent).characters += length;
                free += length;
            }
        } else if (node instanceof Element element) {
            boolean link = element.normalName().equals("a");
            boolean heading = isHeading(element);
            if ((link && headings > 0 || heading && links > 0) && element.hasText()) {
                contentOf(element).linkedHeadings++;
            }
            links += link ? 1 : 0;
            headings += heading ? 1 : 0;
        }
    }

    @Override
    public void tail(Node node, int depth) {
        if (!(node instanceof Element element)) {
            return;
        }
        links -= element.normalName().equals("a") ? 1 : 0;
        headings -= isHeading(element) ? 1 : 0;
        Content content = contentOf(element);
        if (content.teasers.size() >= FEWEST) {
            teasers.addAll(content.teasers);
        }
        if (depth == 0 || element.parent() == null) {
            return;
        }
        Content around = contentOf(element.parent());
        around.characters += content.characters;
        around.linkedHeadings += content.linkedHeadings;
        if (content.isTeaser() && !isHeading(element) && headings == 0 && links == 0) {
            around.teasers.add(element);
        }
    }

    private static boolean isHeading(Element element) {
        String name = element.normalName();
        return name.length() == 2 && name.charAt(0) == 'h' && name.charAt(1) >= '1' && name.charAt(1) <= '6';
    }
}
