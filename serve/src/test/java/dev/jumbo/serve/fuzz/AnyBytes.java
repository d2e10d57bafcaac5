package dev.jumbo.serve.fuzz;

import com.linecorp.armeria.common.HttpStatus;
import dev.jumbo.error.InputException;
import dev.jumbo.fuzz.Untrusted;
import dev.jumbo.serve.http.Responses;
import dev.jumbo.serve.wire.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What readers of a server owe to any bytes: a value, or a refusal that can be sent to who wrote them. */
public final class AnyBytes {
    private static final Untrusted UNTRUSTED = Untrusted.refusedBy(InputException.class);

    private AnyBytes() {}

    /** The value that a reader gives; null where it refuses the bytes as it should. */
    public static <T> @Nullable T read(byte[] data, Untrusted.Parser<T> reader) {
        return UNTRUSTED
                .parse(data, () -> {
                    try {
                        return reader.parse();
                    } catch (Refusal e) {
                        throw sayable(new InputException(String.valueOf(e.getMessage()), e));
                    } catch (InputException e) {
                        throw sayable(e);
                    }
                })
                .orElse(null);
    }

    private static InputException sayable(InputException refused) {
        Responses.error(HttpStatus.BAD_REQUEST, String.valueOf(refused.getMessage()));
        return refused;
    }

    /** What stands before the first line feed; all where there is none. */
    public static String firstLine(byte[] data) {
        return new String(data, 0, lineEnd(data), StandardCharsets.ISO_8859_1);
    }

    /** What stands behind the first line feed. */
    public static byte[] rest(byte[] data) {
        return Arrays.copyOfRange(data, Math.min(data.length, lineEnd(data) + 1), data.length);
    }

    private static int lineEnd(byte[] data) {
        int end = 0;
        while (end < data.length && data[end] != '\n') {
            end++;
        }
        return end;
    }
}
