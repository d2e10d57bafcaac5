package dev.jumbo.serve.access;

import dev.jumbo.error.InputException;
import dev.jumbo.error.IoProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one secret of a server without a file of tokens, which callers send as {@code Authorization: Bearer TOKEN}, or {@link #NONE}. It is
 * good for everything but {@link TokenScope#ADMIN}: what changes a server asks for a token that says so. Never printed.
 */
public final class Token {
    /** No token: for the loopback address only. */
    public static final Token NONE = new Token(null);

    /** The environment variable that {@link #find} reads. */
    public static final String VARIABLE = "JUMBO_TOKEN";

    private static final int MIN_LENGTH = 16;

    private final @Nullable String secret;

    private Token(@Nullable String secret) {
        this.secret = secret;
    }

    /** @throws InputException if the text is shorter than 16 characters or has other than visible ASCII characters */
    public static Token of(String text) {
        return new Token(require(text, ""));
    }

    /** @param place where it is written, for the error */
    static String require(String text, String place) {
        if (text.length() < MIN_LENGTH || !text.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new InputException(place + "expected a token of at least " + MIN_LENGTH
                    + " visible ASCII characters, received " + text.length()
                    + " characters; make one with: openssl rand -hex 32");
        }
        return text;
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
            Token token = of(Files.readString(Path.of(file)).strip());
            TokensFile.warnIfReadable(file);
            return token;
        } catch (IOException e) {
            throw new InputException("serve.token_file: can't read " + file + ": " + IoProblem.of(e), e);
        }
    }

    public boolean isNone() {
        return secret == null;
    }

    /** These tokens and this one, which is named "token". */
    Tokens with(Tokens tokens, Allowance quota) {
        if (secret == null) {
            return tokens;
        }
        Caller caller = new Caller("token", EnumSet.of(TokenScope.INFER, TokenScope.METRICS), null, quota);
        return tokens.and(new Tokens.Entry(Tokens.hash(secret), caller));
    }

    /** Whether a header carries this token, in time that does not depend on where it differs; any does for {@link #NONE}. */
    public boolean accepts(@Nullable String authorization) {
        return isNone()
                || (authorization != null
                        && with(new Tokens(List.of()), Allowance.NONE).identify(authorization) != null);
    }

    @Override
    public String toString() {
        return isNone() ? "Token[none]" : "Token[hidden]";
    }
}
