package dev.jumbo.spark.text.charset;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A charset of the web, by the WHATWG Encoding Standard.
 *
 * @see #ofLabel
 */
public final class WebCharset {
    private static final Map<String, WebCharset> BY_LABEL = byLabel();

    public static final WebCharset UTF_8 = named("utf-8");
    public static final WebCharset UTF_16LE = named("utf-16le");
    public static final WebCharset UTF_16BE = named("utf-16be");
    public static final WebCharset WINDOWS_1252 = named("windows-1252");
    public static final WebCharset X_USER_DEFINED = named("x-user-defined");

    /** What no browser decodes, such as ISO-2022-KR: one U+FFFD stands for all of it. */
    public static final WebCharset REPLACEMENT = named("replacement");

    private final String name;
    private final Decoder decoder;

    private WebCharset(String name, Decoder decoder) {
        this.name = name;
        this.decoder = decoder;
    }

    /**
     * By one of the 228 labels of the standard, such as {@code latin1} or {@code ks_c_5601-1987}, in any case and with white
     * space around it; null if it is none.
     */
    public static @Nullable WebCharset ofLabel(String label) {
        int from = 0;
        int to = label.length();
        while (from < to && isSpace(label.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(label.charAt(to - 1))) {
            to--;
        }
        return BY_LABEL.get(label.substring(from, to).toLowerCase(Locale.ROOT));
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
    }

    /** As the standard writes it, such as {@code windows-1252}. */
    public String name() {
        return name;
    }

    /** All bytes as characters; what means nothing becomes U+FFFD. A byte order mark is a character here. */
    public String decode(byte[] bytes) {
        return decode(bytes, 0, bytes.length);
    }

    /** @param to behind the last byte */
    public String decode(byte[] bytes, int from, int to) {
        if (decoder instanceof Utf8Decoder) {
            // Much faster, and the same where nothing is wrong.
            String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
            if (text.indexOf(Decoder.REPLACEMENT) < 0) {
                return text;
            }
        }
        StringBuilder out = new StringBuilder(to - from);
        decoder.decode(new Bytes(bytes, from, to), out);
        return out.toString();
    }

    @Override
    public String toString() {
        return name;
    }

    private static WebCharset named(String label) {
        WebCharset found = BY_LABEL.get(label);
        if (found == null) {
            throw new IllegalStateException("a charset that the table lacks: " + label);
        }
        return found;
    }

    private static Map<String, WebCharset> byLabel() {
        Map<String, Decoder> decoders = new HashMap<>(SingleByte.all());
        decoders.put("UTF-8", new Utf8Decoder());
        decoders.put("UTF-16LE", new Utf16Decoder(false));
        decoders.put("UTF-16BE", new Utf16Decoder(true));
        // GBK is decoded as its superset.
        decoders.put("GBK", new Gb18030Decoder());
        decoders.put("gb18030", new Gb18030Decoder());
        decoders.put("Big5", new Big5Decoder());
        decoders.put("EUC-JP", new EucJpDecoder());
        decoders.put("ISO-2022-JP", new Iso2022JpDecoder());
        decoders.put("Shift_JIS", new ShiftJisDecoder());
        decoders.put("EUC-KR", new EucKrDecoder());
        decoders.put("replacement", (in, out) -> out.append(in.left() > 0 ? "\ufffd" : ""));
        // Of its bytes beyond ASCII nobody knows the meaning: they go into an area for private use.
        decoders.put("x-user-defined", (in, out) -> {
            for (int next = in.next(); next != Bytes.END; next = in.next()) {
                out.append((char) (next < 0x80 ? next : 0xf700 + next));
            }
        });
        Map<String, WebCharset> all = new HashMap<>();
        for (String line : Tables.lines("labels.txt")) {
            String[] words = line.split(" ");
            WebCharset charset = new WebCharset(words[0], Objects.requireNonNull(decoders.get(words[0]), words[0]));
            for (int i = 1; i < words.length; i++) {
                all.put(words[i], charset);
            }
        }
        return all;
    }
}
