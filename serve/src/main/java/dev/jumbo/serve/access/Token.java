package dev.jumbo.serve.access;

import dev.jumbo.error.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The secret that callers must send as {@code Authorization: Bearer TOKEN}, or {@link #NONE}. Never printed. */
public final class Token {
    /** No token: for the loopback address only. */
    public static final Token NONE = new Token(null);

    /** The environment variable that {@link #find} reads. */
    public static final String VARIABLE = "JUMBO_TOKEN";

    private static final String SCHEME = "Bearer ";
    private static final int MIN_LENGTH = 16;

    private final byte @Nullable [] secret;

    private Token(byte @Nullable [] secret) {
        this.secret = secret;
    }

    /** @throws InputException if the text is shorter than 16 characters or has other than visible ASCII characters */
    public static Token of(String text) {
        if (text.length() < MIN_LENGTH || !text.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new InputException(
                    "expected a token of at least " + MIN_LENGTH + " visible ASCII characters, received "
                            + text.length() + " characters; make one with: openssl rand -hex 32");
        }
        return new Token(text.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * The token of the environment, else that of the configured file, else {@link #NONE}.
     *
     * @throws InputException if the file can't be read or the token is too weak
     */
    public static Token find(@Nullable String file, Map<String, String> environment) {
        String variable = environment.get(VARIABLE);
        if (variable != null && !variable.isEmpty()) {
            return of(variable);
        }
        if (file == null) {
            return NONE;
        }
        try {
            return of(Files.readString(Path.of(file)).strip());
        } catch (IOException e) {
            throw new InputException("serve.token_file: can't read " + file + ": " + e, e);
        }
    }

    public boolean isNone() {
        return secret == null;
    }

    /** Whether a header carries this token, in time that does not depend on where it differs. */
    public boolean accepts(@Nullable String authorization) {
        if (secret == null) {
            return true;
        }
        return authorization != null
                && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && MessageDigest.isEqual(
                        secret, authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return isNone() ? "Token[none]" : "Token[hidden]";
    }
}
