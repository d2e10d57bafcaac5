package dev.jumbo.spark.text.privacy;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.spark.text.Document;
import dev.jumbo.spark.text.Outcome;
import dev.jumbo.spark.text.TextStep;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Replaces what identifies a person by placeholders such as {@code <EMAIL>}, and counts each kind. Nothing is dropped.
 *
 * <p>What has a checksum must pass it; see {@link PrivateKind}. Finds lie on one line. Full-width forms and digits of all scripts count
 * as those of ASCII. The time is linear in the length
 * of the text, whatever stands there.
 */
@Kind("private_data")
public record PrivateData(
        @Doc("What is replaced.") @Default("[login, email, iban, card, ssn, ip, mac, phone]")
        List<PrivateKind> kinds,

        @Doc("Country (ISO 3166, two letters) whose phone numbers are found without a country code; ZZ: none.")
        @Default("US")
        String region)
        implements TextStep {
    public PrivateData {
        kinds = List.copyOf(kinds);
        if (!region.equals("ZZ")
                && !PhoneNumberUtil.getInstance().getSupportedRegions().contains(region)) {
            throw new InputException(
                    "expected a country as two letters, such as US or DE, or ZZ for none, received \"" + region + "\"");
        }
    }

    /** Every kind; phone numbers without a country code are those of the United States. */
    public static PrivateData all() {
        return new PrivateData(List.of(PrivateKind.values()), "US");
    }

    @Override
    public Outcome apply(Document document) {
        String text = Folding.of(document.text());
        List<Span> found = new ArrayList<>();
        for (int start = 0; start < text.length(); ) {
            int feed = text.indexOf('\n', start);
            int end = feed < 0 ? text.length() : feed;
            Line line = Line.of(text, start, end);
            for (PrivateKind kind : kinds) {
                switch (kind) {
                    case LOGIN -> Logins.find(line, found);
                    case EMAIL -> {
                        Emails.find(line, found);
                        WrittenOutEmails.find(line, found);
                    }
                    case IBAN -> Ibans.find(line, found);
                    case CARD -> Cards.find(line, found);
                    case SSN -> SocialSecurity.find(line, found);
                    case MAC -> Macs.find(line, found);
                    case IP -> IpAddresses.find(line, found);
                    case PHONE -> Phones.find(line, region, found);
                }
            }
            start = end + 1;
        }
        return found.isEmpty() ? Outcome.keep(document) : replaced(document, found);
    }

    /** A text with placeholders. */
    public String hide(String text) {
        return ((Outcome.Kept) apply(Document.of("", text))).document().text();
    }

    private static Outcome replaced(Document document, List<Span> found) {
        String text = document.text();
        StringBuilder changed = new StringBuilder(text.length());
        Map<String, Integer> counts = new TreeMap<>();
        int from = 0;
        for (Span span : withoutOverlap(found)) {
            changed.append(text, from, span.start()).append(span.kind().placeholder());
            counts.merge(span.kind().reason(), 1, Integer::sum);
            from = span.end();
        }
        changed.append(text, from, text.length());
        return Outcome.keep(document.withText(changed.toString()), counts);
    }

    /** In the order of the text; finds that overlap are one, of the first of their kinds. */
    private static List<Span> withoutOverlap(List<Span> found) {
        found.sort(
                Comparator.comparingInt(Span::start).thenComparing(Span::kind).thenComparingInt(Span::end));
        List<Span> kept = new ArrayList<>();
        for (Span span : found) {
            Span last = kept.isEmpty() ? null : kept.get(kept.size() - 1);
            if (last == null || last.end() <= span.start()) {
                kept.add(span);
            } else if (last.kind() != PrivateKind.LOGIN || span.kind() != PrivateKind.EMAIL) {
                // A password and its host look like an address; the host stays.
                PrivateKind kind = span.kind().compareTo(last.kind()) < 0 ? span.kind() : last.kind();
                kept.set(kept.size() - 1, new Span(kind, last.start(), Math.max(last.end(), span.end())));
            }
        }
        return kept;
    }
}
