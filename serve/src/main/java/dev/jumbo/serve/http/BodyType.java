package dev.jumbo.serve.http;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the body of a {@code predict} request is. The header {@code Content-Type} says it; where a client says nothing, or what
 * curl and forms say of any body, its first character does.
 */
public enum BodyType {
    JSON,
    /** A file as it is: an image or a sound. */
    IMAGE,
    /** A form with several files. */
    FILES;

    private static final Set<String> UTF_8 = Set.of("utf-8", "utf8", "us-ascii", "ascii");
    private static final String TAKEN = "Content-Type: application/json (in UTF-8), image/png, image/jpeg or audio/wav";
    private static final String FORM = "multipart/form-data";

    /** @throws HttpException 415 if the header names anything else, or JSON in another charset */
    public static BodyType of(AggregatedHttpRequest request) {
        requireUtf8(request);
        MediaType type = request.contentType();
        if (type != null && type.isJson()) {
            return JSON;
        }
        if (type != null && (type.is(MediaType.ANY_IMAGE_TYPE) || type.is(MediaType.ANY_AUDIO_TYPE))) {
            return IMAGE;
        }
        if (type != null && (type.type() + "/" + type.subtype()).equals(FORM)) {
            return FILES;
        }
        String header = request.headers().get(HttpHeaderNames.CONTENT_TYPE);
        boolean silent =
                header == null || (type != null && (type.is(MediaType.FORM_DATA) || type.is(MediaType.OCTET_STREAM)));
        if (!silent) {
            throw new HttpException(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE, "expected the header " + TAKEN + ", received " + shown(header));
        }
        byte[] body = request.content().array();
        if (looksLikeJson(body)) {
            return JSON;
        }
        if (looksLikeImage(body) || looksLikeSound(body)) {
            return IMAGE;
        }
        throw new HttpException(
                HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                "expected the header " + TAKEN + ", received "
                        + (header == null ? "none" : shown(header))
                        + ", and a body that begins neither like JSON nor like such a file");
    }

    /** @throws HttpException 415 if the header names another charset than that of JSON */
    public static void requireUtf8(AggregatedHttpRequest request) {
        MediaType type = request.contentType();
        List<String> charsets = type == null ? List.of() : type.parameters().getOrDefault("charset", List.of());
        for (String charset : charsets) {
            if (!UTF_8.contains(charset.toLowerCase(Locale.ROOT))) {
                throw new HttpException(
                        HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                        "expected JSON in UTF-8, received charset=" + shown(charset)
                                + ": send UTF-8, and say so or nothing");
            }
        }
    }

    private static boolean looksLikeJson(byte[] body) {
        int at = 0;
        while (at < body.length && Character.isWhitespace(body[at])) {
            at++;
        }
        return at < body.length && (body[at] == '{' || body[at] == '[');
    }

    private static boolean looksLikeImage(byte[] body) {
        return body.length > 3
                && ((body[0] & 0xff) == 0x89 && body[1] == 'P' && body[2] == 'N'
                        || (body[0] & 0xff) == 0xff && (body[1] & 0xff) == 0xd8);
    }

    private static boolean looksLikeSound(byte[] body) {
        return body.length > 11
                && new String(body, 0, 4, StandardCharsets.ISO_8859_1).equals("RIFF")
                && new String(body, 8, 4, StandardCharsets.ISO_8859_1).equals("WAVE");
    }

    static String shown(@Nullable String value) {
        String clean = String.valueOf(value).replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= 60 ? clean : clean.substring(0, 60) + "...";
    }
}
