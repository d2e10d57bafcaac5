package dev.jumbo.spark.text.extract;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jsoup.nodes.Element;

/**
 * Which blocks of the container are main text. Prose is; links alone are not; what is short depends on its neighbours, as
 * in jusText (Pomikálek 2011): between prose it belongs to the text, before the first and after the last it does not. A
 * heading belongs to what follows.
 */
final class Selection {
    /** Beginnings of short blocks that are about the page. */
    private static final List<String> ABOUT_THE_PAGE = List.of(
            "advertisement",
            "share this",
            "share on",
            "read more",
            "read also",
            "also read",
            "related:",
            "related articles",
            "related stories",
            "follow us",
            "follow @",
            "sign up",
            "subscribe",
            "click here",
            "copyright",
            "\u00a9",
            "all rights reserved",
            "photo:",
            "image:",
            "photo by",
            "image copyright",
            "image caption",
            "posted by",
            "posted on",
            "published",
            "last updated",
            "updated:",
            "tags:",
            "filed under",
            "see also",
            "more from",
            "most read",
            "recommended",
            "get the latest",
            "join the conversation",
            "leave a comment",
            "comments",
            "skip to",
            "print this",
            "email this",
            "story continues below",
            "continue reading",
            "watch:",
            "listen:",
            "download our",
            "support our",
            "loading",
            "like this story",
            "get access",
            "follow him",
            "follow her",
            "follow me");

    private static final Set<String> ENDS = Set.of(
            "related",
            "related articles",
            "related stories",
            "related posts",
            "related content",
            "comments",
            "more stories",
            "more news",
            "you may also like",
            "you might also like",
            "read more",
            "recommended",
            "recommended for you",
            "most popular",
            "most read",
            "trending",
            "leave a reply",
            "share this",
            "about the author",
            "references",
            "external links",
            "see also",
            "popular posts",
            "latest news",
            "more from this section");

    private Selection() {}

    static String text(Element container, List<Block> blocks, String title) {
        List<Block> inside = new ArrayList<>();
        for (Block block : blocks) {
            if (isBelow(block.element(), container)) {
                inside.add(block);
            }
        }
        boolean[] kept = keep(inside, title, container.attr("itemprop").equals("articleBody"));
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < kept.length; i++) {
            if (kept[i]) {
                text.append(text.isEmpty() ? "" : "\n").append(inside.get(i).text());
            }
        }
        return text.toString();
    }

    private static boolean isBelow(Element element, Element ancestor) {
        for (Element at = element; at != null; at = at.parent()) {
            if (at == ancestor) {
                return true;
            }
        }
        return false;
    }

    private static boolean[] keep(List<Block> blocks, String title, boolean marked) {
        int first = 0;
        int last = blocks.size() - 1;
        while (first <= last && !isAnchor(blocks.get(first))) {
            first++;
        }
        while (last >= first && !isAnchor(blocks.get(last))) {
            last--;
        }
        if (marked) {
            // Where the page itself says where its text begins and ends, short lines at its ends belong to it.
            while (first > 0 && isFitting(blocks.get(first - 1), title)) {
                first--;
            }
            while (last < blocks.size() - 1 && isFitting(blocks.get(last + 1), title)) {
                last++;
            }
        }
        boolean[] kept = new boolean[blocks.size()];
        for (int i = first; i <= last; i++) {
            Block block = blocks.get(i);
            kept[i] = block.isProse() ? !isAboutThePage(block) : isFitting(block, title);
        }
        // What the page calls its end, where little prose follows.
        int following = 0;
        for (int i = last; i > first; i--) {
            Block block = blocks.get(i);
            if (block.length() < 40 && ENDS.contains(plain(block.text())) && following < totalProse(blocks) / 3) {
                Arrays.fill(kept, i, kept.length, false);
            }
            following += block.isProse() ? block.length() : 0;
        }
        dropLooseHeadings(blocks, kept, last);
        keepFirstHeading(blocks, kept, first, title);
        return kept;
    }

    private static boolean isAnchor(Block block) {
        return block.isProse() && !isAboutThePage(block)
                || block.kind() == Block.Kind.TEXT
                        && block.linkDensity() < 0.2
                        && block.endsSentence()
                        && block.length() >= 25
                        && !isAboutThePage(block);
    }

    /** A short block between prose. */
    private static boolean isFitting(Block block, String title) {
        if (block.linkDensity() > (block.kind() == Block.Kind.HEADING ? 0.9 : 0.5) || isAboutThePage(block)) {
            return false;
        }
        return block.element().normalName().equals("h1") ? false : !block.text().equalsIgnoreCase(title);
    }

    private static boolean isAboutThePage(Block block) {
        // A whole sentence may begin so too; with a link in it, it leads away.
        if (block.length() > (block.linked() > 0 ? 150 : 80)) {
            return false;
        }
        String lower = block.text().toLowerCase(Locale.ROOT);
        return ABOUT_THE_PAGE.stream().anyMatch(lower::startsWith);
    }

    private static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L} ]", "").strip();
    }

    private static int totalProse(List<Block> blocks) {
        return blocks.stream().filter(Block::isProse).mapToInt(Block::length).sum();
    }

    private static void dropLooseHeadings(List<Block> blocks, boolean[] kept, int last) {
        boolean text = false;
        for (int i = last; i >= 0; i--) {
            if (!kept[i]) {
                continue;
            }
            if (blocks.get(i).kind() == Block.Kind.HEADING) {
                kept[i] = text;
                text = false;
            } else {
                text = true;
            }
        }
    }

    /** The heading right before the first prose is the first of the article, unless it is its title. */
    private static void keepFirstHeading(List<Block> blocks, boolean[] kept, int first, String title) {
        if (first > 0 && first < blocks.size()) {
            Block block = blocks.get(first - 1);
            kept[first - 1] = block.kind() == Block.Kind.HEADING
                    && switch (block.element().normalName()) {
                        case "h1", "h2" -> false;
                        default -> isFitting(block, title);
                    };
        }
    }
}
