package dev.jumbo.spark.text.extract;

import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;
import org.jsoup.select.NodeTraversor;
import org.jsoup.select.NodeVisitor;

/**
 * Takes out of a page what never is main text: by the name of the element, its role, its visibility, and the words of its
 * class and id. Words can mislead; an element that holds much of the page's prose stays whatever it is called.
 */
final class Pruner {
    /** Never text. */
    private static final Set<String> NEVER = wordsOf("""
            script style noscript template iframe svg math canvas object embed applet video audio map button select input
            textarea label dialog nav menu figure picture figcaption head link meta datalist progress option
            """);
    /** Around the text, unless nearly all of the text is inside, as in pages that are one form. */
    private static final Set<String> AROUND = Set.of("footer", "aside", "form", "fieldset");

    private static final Set<String> ROLES = Set.of(
            "navigation",
            "banner",
            "contentinfo",
            "complementary",
            "search",
            "dialog",
            "alert",
            "alertdialog",
            "menu",
            "menubar",
            "toolbar",
            "tooltip",
            "button",
            "form");
    /** Other people's texts, which may be longer than the article. */
    private static final Set<String> OTHERS =
            Set.of("comments", "comment", "disqus", "respond", "livefyre", "replies", "commentlist");

    private static final Set<String> WORDS = wordsOf("""
            share sharing social sharebar addthis sharedaddy related recommended recommendations recirc newsletter
            subscribe subscription signup promo promotion sidebar breadcrumb breadcrumbs nav navbar navigation menu cookie
            cookies consent gdpr popup tooltip popover rollover modal overlay ad ads advert advertisement advertising
            sponsor sponsored outbrain taboola tags tag taglist byline author bio authorbox pagination pager prev previous
            next paging footer foot login trending popular caption credit credits copyright print tools toolbar toolbox
            widget widgets rating ratings hidden masthead skip dateline timestamp meta metadata gallery slideshow carousel
            paywall donate donation readmore morestories teaser teasers teaserlist crosslink disclaimer feedback banner
            notification notifications alert prompt jp zergnet revcontent topics kicker pullquote infobox toc references
            reflist editsection printfooter catlinks
            """);
    /** Words that say that text is inside, whatever else is said. */
    private static final Set<String> INSIDE =
            Set.of("article", "articlebody", "body", "content", "text", "entry", "story", "paragraph", "post", "page");

    private static final int LONG_TEXT = 40;

    /** Of the page's prose, what an element may hold that goes by its name or role, and one that goes by the words of its class. */
    private static final double SHARE_OF_ELEMENT = 0.8;

    private static final double SHARE_OF_CLASS = 0.3;

    private final Map<Element, Integer> prose = new IdentityHashMap<>();
    private final int all;

    private Pruner(Element body) {
        NodeTraversor.traverse(new Count(), body);
        all = prose.getOrDefault(body, 0);
    }

    /** Removes from the page, in place. */
    static void prune(Element body) {
        Pruner pruner = new Pruner(body);
        NodeTraversor.filter(
                (NodeFilter) (node, depth) -> {
                    if (node instanceof Element element) {
                        return element != body && pruner.isOutside(element)
                                ? NodeFilter.FilterResult.REMOVE
                                : NodeFilter.FilterResult.CONTINUE;
                    }
                    return node instanceof TextNode ? NodeFilter.FilterResult.CONTINUE : NodeFilter.FilterResult.REMOVE;
                },
                body);
    }

    private boolean isOutside(Element element) {
        String name = element.normalName();
        if (NEVER.contains(name) || isInvisible(element)) {
            return true;
        }
        double share = share(element);
        if (AROUND.contains(name) || ROLES.contains(element.attr("role"))) {
            return share < SHARE_OF_ELEMENT;
        }
        String words = element.className() + ' ' + element.id();
        return words.length() > 1 && !isStructure(name) && isOutside(words, share, element);
    }

    private static boolean isStructure(String name) {
        return switch (name) {
            case "body", "main", "article", "p" -> true;
            default -> false;
        };
    }

    private boolean isOutside(String names, double share, Element element) {
        boolean outside = false;
        boolean inside = false;
        for (String word : words(names)) {
            if (OTHERS.contains(word) && share < 0.85) {
                return true;
            }
            outside |= WORDS.contains(word);
            inside |= INSIDE.contains(word);
        }
        if (!outside) {
            return false;
        }
        int own = prose.getOrDefault(element, 0);
        return inside ? share < 0.05 && own < 200 : share < SHARE_OF_CLASS;
    }

    private static Set<String> wordsOf(String list) {
        return Set.of(list.strip().split("\\s+"));
    }

    private double share(Element element) {
        return all == 0 ? 0 : (double) prose.getOrDefault(element, 0) / all;
    }

    private static boolean isInvisible(Element element) {
        if (element.hasAttr("hidden")
                || element.attr("aria-hidden").equals("true")
                        && !element.normalName().equals("div")) {
            return true;
        }
        String style = element.attr("style");
        if (style.isEmpty()) {
            return false;
        }
        String packed = style.replace(" ", "").toLowerCase(Locale.ROOT);
        return packed.contains("display:none") || packed.contains("visibility:hidden");
    }

    /** Names such as {@code relatedStories-list} as words: related, stories, list, and relatedstories. */
    private static Set<String> words(String names) {
        HashSet<String> words = new HashSet<>();
        int start = 0;
        int whole = 0;
        for (int i = 0; i <= names.length(); i++) {
            boolean end = i == names.length() || !Character.isLetter(names.charAt(i));
            boolean hump = !end
                    && i > start
                    && Character.isUpperCase(names.charAt(i))
                    && Character.isLowerCase(names.charAt(i - 1));
            if (end || hump) {
                if (i > start) {
                    words.add(names.substring(start, i).toLowerCase(Locale.ROOT));
                }
                start = end ? i + 1 : i;
            }
            if (end) {
                if (i > whole) {
                    words.add(names.substring(whole, i).toLowerCase(Locale.ROOT));
                }
                whole = i + 1;
            }
        }
        return words;
    }

    /** Characters of long texts outside of links, by element. */
    private final class Count implements NodeVisitor {
        private int links;

        @Override
        public void head(Node node, int depth) {
            if (node instanceof Element element && element.normalName().equals("a")) {
                links++;
            } else if (node instanceof TextNode text && links == 0 && node.parent() instanceof Element parent) {
                int length = text.getWholeText().strip().length();
                if (length >= LONG_TEXT) {
                    prose.merge(parent, length, Integer::sum);
                }
            }
        }

        @Override
        public void tail(Node node, int depth) {
            if (!(node instanceof Element element)) {
                return;
            }
            if (element.normalName().equals("a")) {
                links--;
            }
            Integer own = prose.get(element);
            if (own != null && depth > 0 && element.parent() != null) {
                prose.merge(element.parent(), own, Integer::sum);
            }
        }
    }
}
