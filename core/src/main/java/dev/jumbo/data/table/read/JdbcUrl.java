package dev.jumbo.data.table.read;

import dev.jumbo.error.InputException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Addresses of databases, kept free of secrets: they stand in configurations, reports and messages, so a password has to
 * come from the environment, and what is shown is the address without user and options.
 */
public final class JdbcUrl {
    private static final String SCHEME = "jdbc:";

    /** An option of any driver: {@code ?password=}, {@code ;PWD=}, {@code &sslpassword=}, {@code (password=}. */
    private static final Pattern PASSWORD_OPTION =
            Pattern.compile("[?&;,(:]\\s*[\\w.%-]*(?:password|passwd|passphrase|pwd)\\s*=", Pattern.CASE_INSENSITIVE);

    /** Behind the slashes up to the host: {@code //user:password@host}. */
    private static final Pattern PASSWORD_OF_HOST = Pattern.compile("//[^/@?;]*:[^/?;]*@");

    /** Oracle's drivers: {@code jdbc:oracle:thin:user/password@host}. */
    private static final Pattern PASSWORD_OF_ORACLE =
            Pattern.compile("^jdbc:oracle:[^:@/]*:[^:@/]+/[^@]*@", Pattern.CASE_INSENSITIVE);

    /** Where options begin. */
    private static final Pattern OPTIONS = Pattern.compile("[?;]|\\(");

    private JdbcUrl() {}

    /**
     * Refuses an address that is none of a database, or that holds a password.
     *
     * @param passwordKey the setting that names the environment variable with the password
     * @return the address
     * @throws InputException if it does not begin with {@code jdbc:}, or holds a password
     */
    public static String require(String url, String passwordKey) {
        if (!url.startsWith(SCHEME)) {
            throw new InputException("expected a url that begins with " + SCHEME + ", received "
                    + (url.contains("@") || OPTIONS.matcher(url).find() ? "another" : "\"" + url + "\""));
        }
        if (PASSWORD_OPTION.matcher(url).find()
                || PASSWORD_OF_HOST.matcher(url).find()
                || PASSWORD_OF_ORACLE.matcher(url).find()) {
            throw new InputException("expected a url without a password, received one for " + shown(url)
                    + ": set user, and " + passwordKey + " to the name of an environment variable that holds it");
        }
        return url;
    }

    /** The address without user and options, as messages and reports show it: {@code jdbc:postgresql://host/name}. */
    public static String shown(String url) {
        Matcher options = OPTIONS.matcher(url);
        String place = options.find() ? url.substring(0, options.start()) : url;
        int user = place.lastIndexOf('@');
        if (user < 0) {
            return place;
        }
        int slashes = place.indexOf("//");
        int name = place.indexOf(':', SCHEME.length());
        int begin = slashes >= 0 && slashes < user ? slashes + 2 : name < 0 || name > user ? SCHEME.length() : name + 1;
        return place.substring(0, begin) + place.substring(user + 1);
    }

    /** A driver's message with the address as {@link #shown} shows it. */
    public static String hidden(String message, String url) {
        return message.replace(url, shown(url));
    }
}
