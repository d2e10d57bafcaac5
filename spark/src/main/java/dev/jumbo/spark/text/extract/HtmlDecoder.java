package dev.jumbo.spark.text.extract;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.jumbo.spark.text.charset.Utf8Count;
import dev.jumbo.spark.text.charset.WebCharset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a web page to characters, as browsers do it (WHATWG Encoding and HTML standards): by the byte order mark; else
 * by the {@code charset} of the HTTP header {@code Content-Type}; else by what the page says of itself ({@link
 * DeclaredCharset}), if it is not plain text; else as UTF-8 if at least half of what is beyond ASCII is valid, and as
 * windows-1252 if not.
 *
 * <p>In one thing it is not as in browsers: where UTF-8 is announced and less than half of what is beyond ASCII is valid,
 * the announcement is taken for a mistake. Bytes that mean nothing become U+FFFD.
 */
public final class HtmlDecoder {
    private static final Pattern CHARSET = Pattern.compile("(?i);\\s*charset=\\s*(?:\"([^\"]*)\"|([^;\"]*))");

    private HtmlDecoder() {}

    /** The characters of a page. @param contentType the header's value, as {@code text/html; charset=utf-8}; null if there is none */
    public static String decode(byte[] body, @Nullable String contentType) {
        WebCharset charset = charset(body, contentType);
        return charset.decode(body, byMark(body) == null ? 0 : charset == WebCharset.UTF_8 ? 3 : 2, body.length);
    }

    /** The charset by the rules of this class. */
    public static WebCharset charset(byte[] body, @Nullable String contentType) {
        WebCharset marked = byMark(body);
        if (marked != null) {
            return marked;
        }
        WebCharset named = contentType == null ? null : ofHeader(contentType);
        if (named == null && !isPlainText(contentType)) {
            named = DeclaredCharset.of(body);
        }
        if (named != null && named != WebCharset.UTF_8) {
            return named;
        }
        return Utf8Count.of(body).isUtf8() ? WebCharset.UTF_8 : WebCharset.WINDOWS_1252;
    }

    private static @Nullable WebCharset ofHeader(String contentType) {
        Matcher matcher = CHARSET.matcher(contentType);
        if (!matcher.find()) {
            return null;
        }
        return WebCharset.ofLabel(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
    }

    private static boolean isPlainText(@Nullable String contentType) {
        return contentType != null
                && contentType.strip().toLowerCase(Locale.ROOT).startsWith("text/plain");
    }

    private static @Nullable WebCharset byMark(byte[] body) {
        if (startsWith(body, 0xef, 0xbb, 0xbf)) {
            return WebCharset.UTF_8;
        }
        if (startsWith(body, 0xfe, 0xff)) {
            return WebCharset.UTF_16BE;
        }
        return startsWith(body, 0xff, 0xfe) ? WebCharset.UTF_16LE : null;
    }

    private static boolean startsWith(byte[] body, int... mark) {
        for (int i = 0; i < mark.length; i++) {
            if (i >= body.length || (body[i] & 0xff) != mark[i]) {
                return false;
            }
        }
        return true;
    }
}
