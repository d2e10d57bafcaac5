package dev.jumbo.data.table.read;

import dev.jumbo.error.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** What the first bytes of a file show that is no text of the expected charset. */
final class TextSniffing {
    private static final int BYTES = 4096;
    private static final int LEAST = 4;

    private record Magic(String hex, String name) {}

    private static final List<Magic> OTHERS = List.of(
            new Magic("504b0304", "a zip archive (or a workbook of Excel): unpack it, or save it as CSV"),
            new Magic("504b0506", "an empty zip archive"),
            new Magic("28b52ffd", "zstd: unpack it, or compress it with gzip"),
            new Magic("425a68", "bzip2: unpack it, or compress it with gzip"),
            new Magic("fd377a585a00", "xz: unpack it, or compress it with gzip"),
            new Magic("1f8b", "gzip in gzip: unpack it once"),
            new Magic("50415231", "Parquet: write parquet: {path: ...}"),
            new Magic("d0cf11e0a1b11ae1", "an old workbook of Excel: save it as CSV"),
            new Magic("25504446", "PDF"));

    private TextSniffing() {}

    /**
     * Looks at the beginning and puts it back.
     *
     * @param in supports marks
     * @throws InputException if the file is not text, or shows another charset
     */
    static void requireText(Path file, InputStream in, Charset charset) throws IOException {
        in.mark(BYTES);
        byte[] head = in.readNBytes(BYTES);
        in.reset();
        String hex = HexFormat.of().formatHex(head, 0, Math.min(8, head.length));
        for (Magic magic : OTHERS) {
            if (hex.startsWith(magic.hex())) {
                throw new InputException("expected text in " + file + ", received " + magic.name());
            }
        }
        String name = charset.name().toUpperCase(Locale.ROOT);
        if (name.startsWith("UTF-16") || name.startsWith("UTF-32")) {
            return;
        }
        String shown = hex.startsWith("fffe0000")
                ? "UTF-32LE"
                : hex.startsWith("0000feff")
                        ? "UTF-32BE"
                        : hex.startsWith("fffe") || hex.startsWith("feff") ? "UTF-16" : "";
        if (!shown.isEmpty()) {
            throw other(file, charset, shown, "as its byte order mark says");
        }
        int[] zeros = new int[2];
        for (int i = 0; i < head.length; i++) {
            zeros[i % 2] += head[i] == 0 ? 1 : 0;
        }
        // Text of any script has spaces, digits and line ends: whose other byte is 0 in UTF-16, always on the same
        // side.
        int more = Math.max(zeros[0], zeros[1]);
        if (head.length >= LEAST && more * 16 > head.length && Math.min(zeros[0], zeros[1]) * 8 < more) {
            throw other(
                    file,
                    charset,
                    zeros[1] > zeros[0] ? "UTF-16LE" : "UTF-16BE",
                    "as every other byte shows, which is 0");
        }
    }

    private static InputException other(Path file, Charset expected, String shown, String why) {
        return new InputException("expected " + expected.name() + " in " + file + ", received " + shown + ", " + why
                + ": write charset: " + shown);
    }
}
