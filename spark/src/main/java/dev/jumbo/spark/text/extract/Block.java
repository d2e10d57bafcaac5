package dev.jumbo.spark.text.extract;

import org.jsoup.nodes.Element;

/**
 * A run of text that a browser shows as one block.
 *
 * @param text without white space at its ends; line feeds where the page breaks the line
 * @param linked characters of it in links
 * @param element whose block it is
 * @param kind by the nearest element that says so
 */
record Block(String text, int linked, Element element, Kind kind) {
    enum Kind {
        TEXT,
        HEADING,
        ITEM,
        CELL,
        CODE
    }

    int length() {
        return text.length();
    }

    double linkDensity() {
        return text.isEmpty() ? 0 : (double) linked / text.length();
    }

    /** Long enough and free enough of links to be prose. */
    boolean isProse() {
        if (kind == Kind.HEADING || linkDensity() > 0.4 && !isSentenceWithLinks()) {
            return false;
        }
        // Headlines of other articles, partly linked.
        if (kind == Kind.ITEM && linkDensity() > 0.2 && !endsSentence()) {
            return false;
        }
        return length() >= 80 || length() >= 40 && endsSentence();
    }

    /** Names and sources in it are linked: enough is said besides that it is no link to somewhere else. */
    private boolean isSentenceWithLinks() {
        return kind == Kind.TEXT && length() - linked >= 40 && length() >= 80 && endsSentence();
    }

    boolean endsSentence() {
        return ".!?\u2026\"\u201d\u3002\uff01\uff1f:".indexOf(text.charAt(text.length() - 1)) >= 0;
    }

    /**
     * What it says for (positive) or against (negative) being part of the main text, in characters: prose its length without
     * links, links their length and the room around them, the rest little.
     */
    double weight() {
        if (isProse()) {
            return length() * (1 - linkDensity());
        }
        if (linkDensity() > 0.4) {
            // Cells of a table of facts are links often; as a menu they would be items.
            return kind == Kind.CELL ? -Math.min(length(), 20) : -(Math.min(length(), 120) + 20);
        }
        return kind == Kind.HEADING || kind == Kind.CODE ? 0 : -5;
    }
}
