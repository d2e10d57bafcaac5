package dev.jumbo.spark.text.extract;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a web page to characters, as browsers do it (WHATWG Encoding and HTML standards): by the byte order mark; else
 * by the {@code charset} of the HTTP header {@code Content-Type}; else by a {@code meta} in the first 4096 bytes; else as
 * UTF-8 if the bytes are valid, and windows-1252 if not.
 *
 * <p>Where UTF-8 is announced and a tenth of the characters beyond ASCII are broken, the announcement is taken for a mistake. Bytes that
 * mean nothing become U+FFFD.
 */
public final class HtmlDecoder {
    private static final Pattern CHARSET = Pattern.compile("(?i)charset\\s*=\\s*[\"']?\\s*([A-Za-z0-9_:.+-]+)");
    private static final Pattern META = Pattern.compile(
            "(?i)<(?:meta|\\?xml)[^>]{0,500}?(?:charset|encoding)\\s*=\\s*[\"']?\\s*([A-Za-z0-9_:.+-]+)");
    private static final int HEAD = 4096;
    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    private HtmlDecoder() {}

    /** The characters of a page. @param contentType the header's value, as {@code text/html; charset=utf-8}; null if there is none */
    public static String decode(byte[] body, @Nullable String contentType) {
        int mark = markLength(body);
        Charset charset = charset(body, contentType);
        String text = new String(body, mark, body.length - mark, charset);
        return charset == StandardCharsets.UTF_8 && isBroken(text)
                ? new String(body, mark, body.length - mark, WINDOWS_1252)
                : text;
    }

    /** The charset by the rules of this class. */
    public static Charset charset(byte[] body, @Nullable String contentType) {
        Charset marked = byMark(body);
        if (marked != null) {
            return marked;
        }
        Charset named = contentType == null ? null : byName(CHARSET, contentType);
        if (named == null) {
            String head = new String(body, 0, Math.min(HEAD, body.length), StandardCharsets.ISO_8859_1);
            named = byName(META, head);
            // A page that can be read up to its meta is not in UTF-16, whatever it says.
            named = named != null && named.name().startsWith("UTF-16") ? StandardCharsets.UTF_8 : named;
        }
        if (named != null) {
            return named;
        }
        return isUtf8(body) ? StandardCharsets.UTF_8 : WINDOWS_1252;
    }

    private static @Nullable Charset byMark(byte[] body) {
        if (startsWith(body, 0xef, 0xbb, 0xbf)) {
            return StandardCharsets.UTF_8;
        }
        if (startsWith(body, 0xfe, 0xff)) {
            return StandardCharsets.UTF_16BE;
        }
        return startsWith(body, 0xff, 0xfe) ? StandardCharsets.UTF_16LE : null;
    }

    private static int markLength(byte[] body) {
        Charset marked = byMark(body);
        return marked == null ? 0 : marked == StandardCharsets.UTF_8 ? 3 : 2;
    }

    private static boolean startsWith(byte[] body, int... mark) {
        for (int i = 0; i < mark.length; i++) {
            if (i >= body.length || (body[i] & 0xff) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable Charset byName(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            return null;
        }
        try {
            Charset charset = Charset.forName(matcher.group(1));
            // Browsers read both as their superset, since pages that say so mean it.
            return charset == StandardCharsets.ISO_8859_1 || charset == StandardCharsets.US_ASCII
                    ? WINDOWS_1252
                    : charset;
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return null;
        }
    }

    private static boolean isUtf8(byte[] body) {
        try {
            CharBuffer ignored = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(body));
            return ignored.length() <= body.length;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static boolean isBroken(String text) {
        int broken = 0;
        int beyondAscii = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            beyondAscii += c > 127 ? 1 : 0;
            broken += c == '\ufffd' ? 1 : 0;
        }
        return broken * 10L > beyondAscii && broken > 0;
    }
}
