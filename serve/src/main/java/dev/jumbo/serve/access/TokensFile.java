package dev.jumbo.serve.access;

import dev.jumbo.error.InputException;
import dev.jumbo.error.IoProblem;
import dev.jumbo.error.Nearest;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of tokens: UTF-8, one a line, fields between blanks, {@code #} at the start or after a blank begins a comment.
 *
 * <pre>
 * # name  scopes         secret
 * shop    infer          sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae  models=digits,prices
 * ops     admin,metrics  sha256:fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9
 * old     infer          plain:0123456789abcdef    requests_per_second=50 rows_per_second=1000 concurrent=8
 * </pre>
 *
 * <p>The hash is that of the secret's UTF-8 bytes, without salt: that is safe for secrets of 128 random bits or more, which nobody
 * can try out, and no others should be used. The settings behind the secret are optional. A file that others may write is refused, and
 * so is one with plain secrets that others may read.
 */
public final class TokensFile {
    private static final Logger LOG = LoggerFactory.getLogger(TokensFile.class);
    private static final String HASHED = "sha256:";
    private static final String PLAIN = "plain:";
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
    private static final List<String> SETTINGS =
            List.of("models", "requests_per_second", "rows_per_second", "concurrent");
    private static final long MAX_BYTES = 1 << 20;
    private static final Set<PosixFilePermission> OTHERS_WRITE =
            EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
    private static final Set<PosixFilePermission> OTHERS_READ =
            EnumSet.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

    private final String file;
    private final Allowance quota;
    private final List<Tokens.Entry> entries = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private boolean plain;

    private TokensFile(String file, Allowance quota) {
        this.file = file;
        this.quota = quota;
    }

    /** A fresh secret of 256 bits. */
    public static String secret() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /** As the other, of a caller who has the quota of all. */
    public static String line(String name, Set<TokenScope> scopes, List<String> models, String secret) {
        return line(name, scopes, models, Allowance.NONE, secret);
    }

    /**
     * The line for a secret.
     *
     * @param quota what of it is 0 is not said, so that {@code serve.access.quota} holds
     * @throws InputException if the name can't be one, or a number of the quota is longer than a line may have it
     */
    public static String line(
            String name, Set<TokenScope> scopes, List<String> models, Allowance quota, String secret) {
        requireName(name, "");
        String words =
                String.join(",", scopes.stream().sorted().map(TokenScope::word).toList());
        return name + " " + words + " " + HASHED + HexFormat.of().formatHex(Tokens.hash(secret))
                + (models.isEmpty() ? "" : " models=" + String.join(",", models))
                + setting("requests_per_second", quota.requestsPerSecond())
                + setting("rows_per_second", quota.rowsPerSecond())
                + setting("concurrent", quota.concurrent());
    }

    private static String setting(String key, double value) {
        if (value == 0) {
            return "";
        }
        String text =
                new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
        number(key, text, "quota");
        return " " + key + "=" + text;
    }

    /**
     * Names in a file.
     *
     * @throws InputException as {@link dev.jumbo.serve.ModelServer} does that is started with it
     */
    public static List<String> names(Path file) {
        return all(file.toString(), Allowance.NONE).entries.stream()
                .map(entry -> entry.caller().name())
                .toList();
    }

    /**
     * Reads and checks a file.
     *
     * @param quota of callers for whom the file says nothing else
     * @throws InputException with the line, and never the secret, if anything is wrong
     */
    static Tokens read(String file, Allowance quota) {
        TokensFile all = all(file, quota);
        if (all.entries.isEmpty()) {
            throw new InputException("serve.access.tokens_file: expected a token in " + file
                    + ", received none; add one with: jumbo token NAME --file " + file);
        }
        return new Tokens(all.entries);
    }

    private static TokensFile all(String file, Allowance quota) {
        Path path = Path.of(file);
        TokensFile reader = new TokensFile(file, quota);
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw new InputException(
                        "serve.access.tokens_file: expected at most " + MAX_BYTES + " bytes in " + file);
            }
            List<String> lines = Files.readAllLines(path, StandardCharsets.UTF_8);
            for (int i = 0; i < lines.size(); i++) {
                reader.line(lines.get(i), file + ", line " + (i + 1));
            }
        } catch (IOException e) {
            throw new InputException("serve.access.tokens_file: can't read " + file + ": " + IoProblem.of(e), e);
        }
        reader.checkPermissions(path);
        return reader;
    }

    private void line(String text, String place) {
        // Only after a blank: a plain secret may have one inside.
        String content = text.replaceFirst("(^|\\s)#.*", "").strip();
        if (content.isEmpty()) {
            return;
        }
        String[] fields = content.split("\\s+", -1);
        if (fields.length < 3) {
            throw new InputException(place + ": expected NAME SCOPES SECRET, received " + fields.length + " fields");
        }
        requireName(fields[0], place + ": ");
        if (!names.add(fields[0])) {
            throw new InputException(place + ": the name " + fields[0] + " is there twice");
        }
        entries.add(new Tokens.Entry(hash(fields[2], place), caller(fields, place)));
    }

    private Caller caller(String[] fields, String place) {
        List<String> models = null;
        double requests = quota.requestsPerSecond();
        double rows = quota.rowsPerSecond();
        double concurrent = quota.concurrent();
        for (int i = 3; i < fields.length; i++) {
            int equals = fields[i].indexOf('=');
            String key = equals < 0 ? fields[i] : fields[i].substring(0, equals);
            String value = fields[i].substring(equals + 1);
            switch (equals < 0 ? "" : key) {
                case "models" -> models = List.of(value.split(",", -1));
                case "requests_per_second" -> requests = number(key, value, place);
                case "rows_per_second" -> rows = number(key, value, place);
                case "concurrent" -> concurrent = Math.ceil(number(key, value, place));
                default ->
                    throw new InputException(place + ": expected settings as KEY=VALUE of " + SETTINGS + ", received \""
                            + key + "\"" + Nearest.hint(key, SETTINGS));
            }
        }
        return new Caller(fields[0], scopes(fields[1], place), models, new Allowance(requests, rows, (int) concurrent));
    }

    private static double number(String key, String value, String place) {
        if (!value.matches("\\d{1,9}(\\.\\d{1,6})?")) {
            throw new InputException(
                    place + ": expected a number of 0 or more as " + key + ", received \"" + value + "\"");
        }
        return Double.parseDouble(value);
    }

    private static Set<TokenScope> scopes(String text, String place) {
        Set<TokenScope> scopes = EnumSet.noneOf(TokenScope.class);
        for (String word : text.split(",", -1)) {
            scopes.add(TokenScope.of(word)
                    .orElseThrow(() -> new InputException(
                            place + ": expected scopes of " + TokenScope.words() + ", separated by commas, received \""
                                    + word + "\"" + Nearest.hint(word, TokenScope.words()))));
        }
        return scopes;
    }

    private byte[] hash(String secret, String place) {
        if (secret.startsWith(PLAIN)) {
            plain = true;
            return Tokens.hash(Token.require(secret.substring(PLAIN.length()), place + ": "));
        }
        String hex = secret.startsWith(HASHED) ? secret.substring(HASHED.length()) : "";
        if (!hex.matches("[0-9a-fA-F]{64}")) {
            throw new InputException(
                    place + ": expected sha256: and 64 hexadecimal digits, or plain: and the secret; make"
                            + " one with: jumbo token");
        }
        return HexFormat.of().parseHex(hex);
    }

    private static void requireName(String name, String place) {
        if (!name.matches(NAME)) {
            throw new InputException(
                    place + "expected a name of letters, digits, '.', '_' and '-', at most 64, received "
                            + name.length() + " characters with others");
        }
    }

    private void checkPermissions(Path path) {
        Set<PosixFilePermission> permissions = permissions(path);
        if (permissions == null) {
            return;
        }
        if (permissions.stream().anyMatch(OTHERS_WRITE::contains)) {
            throw new InputException("serve.access.tokens_file: others may write " + file
                    + ", and so let themselves in; take that away with: chmod 600 " + file);
        }
        if (permissions.stream().anyMatch(OTHERS_READ::contains)) {
            if (plain) {
                throw new InputException("serve.access.tokens_file: others may read the plain secrets in " + file
                        + "; chmod 600 " + file + ", or write their hashes, as jumbo token does");
            }
            LOG.warn("others may read {}, which has hashes of tokens: chmod 600 it unless that is meant", file);
        }
    }

    /** Says so in the log where others may read a file with a plain secret. */
    static void warnIfReadable(String file) {
        Set<PosixFilePermission> permissions = permissions(Path.of(file));
        if (permissions != null
                && permissions.stream().anyMatch(p -> OTHERS_READ.contains(p) || OTHERS_WRITE.contains(p))) {
            LOG.warn("others on this machine may read or write the token in {}: chmod 600 it", file);
        }
    }

    /** Null where the file system has none, as on Windows. */
    private static @Nullable Set<PosixFilePermission> permissions(Path path) {
        try {
            return Files.getPosixFilePermissions(path);
        } catch (UnsupportedOperationException | IOException e) {
            return null;
        }
    }
}
