package dev.jumbo.spark.text.extract;

import dev.jumbo.spark.text.charset.WebCharset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The charset that a page says of itself, as browsers look for it: in the first {@code meta} with one (HTML standard,
 * "prescan a byte stream"), not in comments, other tags or the text of scripts, styles and titles; else in an XML
 * declaration at the very beginning. Anything in the first 1024 bytes counts, and behind them the rest of the head.
 */
final class DeclaredCharset {
    private static final int UNCONDITIONALLY = 1024;

    /** Tags that do not end the head. */
    private static final Set<String> HEAD =
            Set.of("script", "noscript", "style", "link", "meta", "object", "title", "base");

    /** Tags behind which nothing is a tag but their end. */
    private static final Set<String> RAW =
            Set.of("script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes");

    private final String page;
    private int at;
    private boolean head = true;

    private DeclaredCharset(String page) {
        this.page = page;
    }

    /** Null if the page says none that there is. */
    static @Nullable WebCharset of(byte[] body) {
        // One character for each byte: what is looked for is ASCII in every charset that a page can name so.
        String page = new String(body, StandardCharsets.ISO_8859_1);
        if (page.startsWith("<\0?\0x\0")) {
            return WebCharset.UTF_16LE;
        }
        if (page.startsWith("\0<\0?\0x")) {
            return WebCharset.UTF_16BE;
        }
        WebCharset found = new DeclaredCharset(page).meta();
        found = found == null ? ofXml(page) : found;
        // A page that can be read up to its meta is not in UTF-16, whatever it says.
        if (found == WebCharset.UTF_16LE || found == WebCharset.UTF_16BE) {
            return WebCharset.UTF_8;
        }
        return found;
    }

    private @Nullable WebCharset meta() {
        while (true) {
            at = page.indexOf('<', at);
            if (at < 0 || at + 1 >= page.length() || !head && at >= UNCONDITIONALLY) {
                return null;
            }
            boolean end = page.charAt(at + 1) == '/';
            int name = at + (end ? 2 : 1);
            boolean found = true;
            if (page.startsWith("!--", name)) {
                found = skipComment();
            } else if (name < page.length() && isLetter(page.charAt(name))) {
                Tag tag = new Tag(name);
                found = tag.closed;
                WebCharset charset = found && !end && tag.name.equals("meta") ? ofMeta(tag.attributes) : null;
                if (charset != null) {
                    return charset;
                }
                boolean opens = !end && (tag.name.equals("html") || tag.name.equals("head"));
                head = head && (HEAD.contains(tag.name) || opens);
                found = found && (end || !RAW.contains(tag.name) || skipRaw(tag.name));
            } else if (end || page.charAt(name) == '!' || page.charAt(name) == '?') {
                found = skipTo(">", name);
            } else {
                at = name;
            }
            if (!found) {
                return null;
            }
        }
    }

    private boolean skipTo(String text, int from) {
        int found = page.indexOf(text, from);
        at = found + text.length();
        return found >= 0;
    }

    private boolean skipComment() {
        int from = at + 4;
        if (page.startsWith(">", from) || page.startsWith("->", from)) {
            return skipTo(">", from);
        }
        int usual = page.indexOf("-->", from);
        int odd = page.indexOf("--!>", from);
        boolean isUsual = odd < 0 || usual >= 0 && usual < odd;
        return isUsual ? skipTo("-->", from) : skipTo("--!>", from);
    }

    private boolean skipRaw(String name) {
        for (int next = page.indexOf("</", at); next >= 0; next = page.indexOf("</", next + 1)) {
            int behind = next + 2 + name.length();
            if (page.regionMatches(true, next + 2, name, 0, name.length())
                    && behind < page.length()
                    && (isSpace(page.charAt(behind)) || "/>".indexOf(page.charAt(behind)) >= 0)) {
                at = next;
                return true;
            }
        }
        return false;
    }

    /** A tag from its name on, to which the reader goes on behind it. */
    private final class Tag {
        final String name;
        final Map<String, String> attributes = new HashMap<>();
        boolean closed;

        Tag(int from) {
            at = from;
            name = word(false);
            while (at < page.length() && !closed) {
                char c = page.charAt(at);
                if (c == '>') {
                    closed = true;
                    at++;
                } else if (isSpace(c) || c == '/') {
                    at++;
                } else {
                    attribute();
                }
            }
        }

        private void attribute() {
            String key = word(true);
            skipSpaces();
            String value = "";
            if (page.startsWith("=", at)) {
                at++;
                skipSpaces();
                value = value();
            }
            attributes.putIfAbsent(key, value);
        }

        /** A name, in small letters; an attribute's may begin with the sign that ends it. */
        private String word(boolean attribute) {
            int from = at;
            at += attribute ? 1 : 0;
            while (at < page.length()
                    && !isSpace(page.charAt(at))
                    && (attribute ? "/>=" : "/>").indexOf(page.charAt(at)) < 0) {
                at++;
            }
            return page.substring(from, at).toLowerCase(Locale.ROOT);
        }

        private String value() {
            int from = at;
            char quote = at < page.length() ? page.charAt(at) : 0;
            if (quote == '"' || quote == '\'') {
                int end = page.indexOf(quote, from + 1);
                at = end < 0 ? page.length() : end + 1;
                return end < 0 ? "" : page.substring(from + 1, end);
            }
            while (at < page.length() && !isSpace(page.charAt(at)) && page.charAt(at) != '>') {
                at++;
            }
            return page.substring(from, at);
        }

        private void skipSpaces() {
            while (at < page.length() && isSpace(page.charAt(at))) {
                at++;
            }
        }
    }

    private static @Nullable WebCharset ofMeta(Map<String, String> attributes) {
        String label = attributes.get("charset");
        if (label == null && attributes.getOrDefault("http-equiv", "").equalsIgnoreCase("content-type")) {
            label = CharsetOfContent.label(attributes.getOrDefault("content", ""));
        }
        WebCharset found = label == null ? null : WebCharset.ofLabel(label);
        return found == WebCharset.X_USER_DEFINED ? WebCharset.WINDOWS_1252 : found;
    }

    private static @Nullable WebCharset ofXml(String page) {
        int end = page.startsWith("<?xml") ? page.indexOf('>') : -1;
        int encoding = end < 0 ? -1 : page.substring(0, end).indexOf("encoding");
        if (encoding < 0) {
            return null;
        }
        String rest = page.substring(encoding + "encoding".length(), end).strip();
        if (!rest.startsWith("=")) {
            return null;
        }
        rest = rest.substring(1).strip();
        char quote = rest.isEmpty() ? 0 : rest.charAt(0);
        int close = quote == '"' || quote == '\'' ? rest.indexOf(quote, 1) : -1;
        return close < 0 ? null : WebCharset.ofLabel(rest.substring(1, close));
    }

    static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }
}
