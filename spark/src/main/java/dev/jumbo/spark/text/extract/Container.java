package dev.jumbo.spark.text.extract;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.select.NodeVisitor;

/**
 * Finds the element that holds the article: the subtree of the greatest sum of {@link Block#weight}. Above it, the sum
 * falls by the links that come in; below it, by the prose that is lost. Elements that say that they are the article get
 * more weight for what they hold.
 */
final class Container implements NodeVisitor {
    private final Map<Element, Double> weights = new IdentityHashMap<>();
    private Element best;
    private double most = Double.NEGATIVE_INFINITY;

    private Container(Element body, List<Block> blocks) {
        best = body;
        for (Block block : blocks) {
            weights.merge(block.element(), block.weight(), Double::sum);
        }
    }

    static Element of(Element body, List<Block> blocks) {
        Container container = new Container(body, blocks);
        body.traverse(container);
        return container.best;
    }

    @Override
    public void head(Node node, int depth) {
        // An element is judged when everything below it is known.
    }

    @Override
    public void tail(Node node, int depth) {
        if (!(node instanceof Element element)) {
            return;
        }
        Double weight = weights.get(element);
        if (weight == null) {
            return;
        }
        double rated = weight * (1 + bonus(element));
        // Of equals the outer one, which may have headings.
        if (rated >= most) {
            most = rated;
            best = element;
        }
        if (depth > 0 && element.parent() != null) {
            weights.merge(element.parent(), weight, Double::sum);
        }
    }

    private static double bonus(Element element) {
        String property = element.attr("itemprop");
        // The page says so by schema.org: against it stands only much more text, as where a site marks the abstract
        // alone.
        if (property.equals("articleBody")) {
            return 2;
        }
        if (property.equals("text")) {
            return 0.3;
        }
        if (element.normalName().equals("article")) {
            return 0.1;
        }
        if (element.normalName().equals("main")) {
            return 0.05;
        }
        String names = (element.className() + ' ' + element.id())
                .toLowerCase(Locale.ROOT)
                .replace("_", "-");
        boolean body = names.contains("article-body")
                || names.contains("articlebody")
                || names.contains("article-content")
                || names.contains("article-text")
                || names.contains("entry-content")
                || names.contains("post-content")
                || names.contains("post-body")
                || names.contains("story-body")
                || names.contains("story-content")
                || names.contains("body-content");
        return body ? 0.2 : 0;
    }
}
