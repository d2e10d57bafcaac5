package dev.jumbo.spark.text.privacy;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Private data that nobody has, and what looks alike. Checksums are made here in another way than they are checked. */
final class Synthetic {
    private static final List<String> WORDS = List.of(
            "please", "write", "to", "or", "see", "the", "number", "is", "and", "we", "sent", "it", "from", "with");

    private Synthetic() {}

    static String sentence(Random random, String inside) {
        return pick(random, WORDS)
                + ' '
                + pick(random, WORDS)
                + ' '
                + inside
                + pick(random, List.of(" ", ", ", ". ", "; "))
                + pick(random, WORDS)
                + pick(random, List.of(".\n", ". "));
    }

    static String of(PrivateKind kind, Random random) {
        return switch (kind) {
            case EMAIL -> email(random);
            case IBAN -> iban(random);
            case CARD -> card(random, true);
            case IP -> ip(random);
            case PHONE -> phone(random);
            case LOGIN, SSN, MAC -> throw new IllegalArgumentException(kind + " is tested by cases");
        };
    }

    static String lookalike(Random random) {
        return switch (random.nextInt(10)) {
            case 0 -> "version " + digits(random, 1) + "." + digits(random, 1) + "." + digits(random, 2) + ".7";
            case 1 -> "192.168." + random.nextInt(256) + '.' + random.nextInt(256);
            case 2 -> card(random, false);
            case 3 ->
                String.format(
                        Locale.ROOT,
                        "%d-%02d-%02d %02d:%02d:%02d",
                        1990 + random.nextInt(40),
                        1 + random.nextInt(12),
                        1 + random.nextInt(28),
                        random.nextInt(24),
                        random.nextInt(60),
                        random.nextInt(60));
            case 4 -> "$" + (1 + random.nextInt(9)) + "," + digits(random, 3) + "," + digits(random, 3);
            case 5 -> "0." + digits(random, 16);
            case 6 -> "item " + digits(random, 12);
            case 7 -> "image@" + (2 + random.nextInt(2)) + "x.png";
            case 8 -> "std::vector" + random.nextInt(99) + "::begin";
            default ->
                String.format(
                        Locale.ROOT,
                        "%d.%02d.%d",
                        1 + random.nextInt(9),
                        random.nextInt(99),
                        2000 + random.nextInt(30));
        };
    }

    private static String email(Random random) {
        String name = pick(random, List.of("jane", "j.doe", "info", "x_y", "mary-ann", "bob99", "a.b.c+tag"));
        String host = pick(random, List.of("example.com", "mail.example.org", "uni-x.example.ac.uk", "ex4mple.io"));
        return pick(
                random,
                List.of(name + "@" + host, "<" + name + "@" + host + ">", name.toUpperCase(Locale.ROOT) + "@" + host));
    }

    private static String iban(Random random) {
        String country = pick(random, List.of("DE", "AT", "ES", "CH"));
        int length = switch (country) {
            case "DE" -> 18;
            case "AT" -> 16;
            case "ES" -> 20;
            default -> 17;
        };
        String account = digits(random, length);
        String letters = "" + (country.charAt(0) - 'A' + 10) + (country.charAt(1) - 'A' + 10);
        int check = 98
                - new BigInteger(account + letters + "00")
                        .mod(BigInteger.valueOf(97))
                        .intValue();
        String iban = country + String.format(Locale.ROOT, "%02d", check) + account;
        return random.nextBoolean() ? iban : grouped(iban, " ");
    }

    private static String card(Random random, boolean right) {
        String prefix = pick(random, List.of("4", "51", "2221", "6011"));
        String digits = prefix + digits(random, 15 - prefix.length());
        int sum = 0;
        for (int i = 0; i < 15; i++) {
            int doubled = (digits.charAt(i) - '0') * (i % 2 == 0 ? 2 : 1);
            sum += doubled / 10 + doubled % 10;
        }
        int check = (10 - sum % 10) % 10;
        String card = digits + (right ? check : (check + 1 + random.nextInt(9)) % 10);
        return pick(random, List.of(card, grouped(card, " "), grouped(card, "-")));
    }

    private static String ip(Random random) {
        if (random.nextInt(4) == 0) {
            return String.format(
                    Locale.ROOT,
                    "2a%02x:%x:%x::%x",
                    random.nextInt(256),
                    1 + random.nextInt(65535),
                    1 + random.nextInt(65535),
                    1 + random.nextInt(65535));
        }
        return pick(random, List.of("8.8.", "93.184.", "151.101.", "203.5."))
                + random.nextInt(256)
                + '.'
                + random.nextInt(256);
    }

    private static String phone(Random random) {
        String line = "5" + digits(random, 2);
        String last = digits(random, 4);
        return switch (random.nextInt(5)) {
            case 0 -> "(212) " + line + "-" + last;
            case 1 -> "415-" + line + "-" + last;
            case 2 -> "+1 650 " + line + " " + last;
            case 3 -> "+49 30 " + (2 + random.nextInt(7)) + digits(random, 6);
            default -> "+44 20 7" + digits(random, 3) + " " + last;
        };
    }

    private static String digits(Random random, int count) {
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < count; i++) {
            digits.append((char) ('0' + random.nextInt(10)));
        }
        return digits.toString();
    }

    private static String grouped(String text, String separator) {
        return String.join(separator, text.split("(?<=\\G.{4})"));
    }

    private static String pick(Random random, List<String> list) {
        return list.get(random.nextInt(list.size()));
    }
}
