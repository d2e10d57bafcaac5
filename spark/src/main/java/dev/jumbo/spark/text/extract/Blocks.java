package dev.jumbo.spark.text.extract;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;

/** Turns a tree of elements into blocks of text, as a browser would show them. */
final class Blocks implements NodeVisitor {
    private static final Set<String> INLINE = Set.of(
            "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
            "img", "ins", "kbd", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time",
            "tt", "u", "var", "wbr");

    private final List<Block> blocks = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private int linked;
    private int links;
    private int code;
    private int breaks;
    private boolean blank;
    private Element owner;

    private Blocks(Element root) {
        owner = root;
    }

    /** The blocks below an element, in the order of the page. */
    static List<Block> of(Element root) {
        Blocks visitor = new Blocks(root);
        root.traverse(visitor);
        visitor.end();
        return visitor.blocks;
    }

    @Override
    public void head(Node node, int depth) {
        if (node instanceof TextNode words) {
            if (text.isEmpty() && node.parent() instanceof Element parent) {
                owner = parent;
            }
            append(words.getWholeText());
        } else if (node instanceof Element element) {
            String name = element.normalName();
            if (name.equals("br")) {
                lineBreak();
            } else if (name.equals("a")) {
                links++;
            } else if (!INLINE.contains(name)) {
                end();
                code += name.equals("pre") ? 1 : 0;
            }
        }
    }

    @Override
    public void tail(Node node, int depth) {
        if (node instanceof Element element) {
            String name = element.normalName();
            if (name.equals("a")) {
                links--;
            } else if (!INLINE.contains(name) && !name.equals("br")) {
                end();
                code -= name.equals("pre") ? 1 : 0;
            }
        }
    }

    /** Two breaks in a row separate paragraphs, as pages do that know no p. */
    private void lineBreak() {
        if (++breaks >= 2) {
            end();
        } else if (!text.isEmpty()) {
            text.append('\n');
            blank = false;
        }
    }

    private void append(String words) {
        for (int i = 0; i < words.length(); i++) {
            char c = words.charAt(i);
            if (code > 0 && c == '\n') {
                text.append(c);
            } else if (Character.isWhitespace(c) || c == '\u00a0' || c == '\u200b' || c == '\ufeff') {
                blank = true;
            } else if (c >= ' ' && c != '\u00ad') {
                put(c);
            }
        }
    }

    private void put(char c) {
        if (blank && !text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
            text.append(' ');
        }
        blank = false;
        breaks = 0;
        text.append(c);
        linked += links > 0 ? 1 : 0;
    }

    private void end() {
        String done = text.toString().strip();
        if (!done.isEmpty()) {
            Element block = blockOf(owner);
            blocks.add(new Block(done, linked, block, kindOf(block)));
        }
        text.setLength(0);
        linked = 0;
        breaks = 0;
        blank = false;
    }

    private static Element blockOf(Element element) {
        Element block = element;
        while (INLINE.contains(block.normalName()) && block.parent() != null) {
            block = block.parent();
        }
        return block;
    }

    private static Block.Kind kindOf(Element block) {
        Element element = block;
        for (int up = 0; up < 3 && element != null; up++, element = element.parent()) {
            switch (element.normalName()) {
                case "h1", "h2", "h3", "h4", "h5", "h6" -> {
                    return Block.Kind.HEADING;
                }
                case "li", "dd", "dt" -> {
                    return Block.Kind.ITEM;
                }
                case "td", "th" -> {
                    return Block.Kind.CELL;
                }
                case "pre" -> {
                    return Block.Kind.CODE;
                }
                case "p", "div", "section", "article", "blockquote" -> {
                    // Text of its own, though it may be in a table that makes the layout.
                    return Block.Kind.TEXT;
                }
                default -> {
                    // Its parent may say.
                }
            }
        }
        return Block.Kind.TEXT;
    }
}
