package dev.jumbo.spark.text.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import dev.jumbo.spark.text.Document;
import dev.jumbo.spark.text.Figures;
import dev.jumbo.spark.text.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class PrivateDataTest {
    private static final PrivateData STEP = PrivateData.all();

    private static Outcome.Kept apply(String text) {
        return (Outcome.Kept) STEP.apply(Document.of("x", text));
    }

    private static String replaced(String text) {
        return apply(text).document().text();
    }

    @Test
    void each_kind_is_replaced_and_counted() {
        Outcome.Kept kept = apply("Write to jane.doe+news@mail.example.co.uk or call +44 20 7946 0018.\n"
                + "Pay to GB82 WEST 1234 5698 7654 32 or by card 4111 1111 1111 1111, from 8.8.8.8 or"
                + " 2a00:1450:4001:81b::200e, or call (212) 555-2368 or mail me@web.de.");
        assertThat(kept.document().text())
                .isEqualTo("Write to <EMAIL> or call <PHONE>.\n"
                        + "Pay to <IBAN> or by card <CARD>, from <IP> or <IP>, or call <PHONE> or mail <EMAIL>.");
        assertThat(kept.counts())
                .isEqualTo(Map.of(
                        "private_data.email", 2,
                        "private_data.phone", 2,
                        "private_data.iban", 1,
                        "private_data.card", 1,
                        "private_data.ip", 2));
    }

    @Test
    void groups_of_a_number_may_stand_between_any_blanks_hyphens_and_dots() {
        for (String sign :
                List.of(" ", "\u00a0", "\u202f", "\u2007", "\u2009", "-", "\u2010", "\u2011", "\u2013", ".")) {
            assertThat(replaced("by " + String.join(sign, "4111", "1111", "1111", "1111") + ", today"))
                    .isEqualTo("by <CARD>, today");
            assertThat(replaced("by " + String.join(sign, "3782", "822463", "10005") + "."))
                    .isEqualTo("by <CARD>.");
            assertThat(replaced("to " + String.join(sign, "GB82", "WEST", "1234", "5698", "7654", "32") + "."))
                    .isEqualTo("to <IBAN>.");
            assertThat(replaced("to " + String.join(sign, "de89", "3704", "0044", "0532", "0130", "00") + "."))
                    .isEqualTo("to <IBAN>.");
            assertThat(replaced("call " + String.join(sign, "+44", "20", "7946", "0018") + " now"))
                    .isEqualTo("call <PHONE> now");
        }
        assertThat(replaced("to de89370400440532013000 or gb82 west 1234 5698 7654 32"))
                .isEqualTo("to <IBAN> or <IBAN>");
    }

    @Test
    void of_finds_that_overlap_nothing_stays() {
        assertThat(replaced("Write to +44 20 7946 0018@mail.example.org, please."))
                .isEqualTo("Write to <EMAIL>, please.");
    }

    @Test
    void what_looks_alike_stays() {
        for (String text : NEGATIVES) {
            assertThat(replaced(text)).isEqualTo(text);
        }
    }

    private static final List<String> NEGATIVES = List.of(
            "Version 1.2.3.4 is out, v 10.4.11.2 too, and Chrome/80.0.3987.149 as well.",
            "On the local net 192.168.0.1 and 10.0.0.7, at 127.0.0.1, and 255.255.255.0.",
            "The sum is 1,234,567,890 or 12.345.678,90 and pi is 3.14159265358979323846.",
            "On 2021-03-04 12:30:45 and on 04/03/2021, from 1914-1918 to 1939-1945.",
            "ISBN 978-3-16-148410-0, card 4111 1111 1111 1112, order 1234567890123456.",
            "GB82 WEST 1234 5698 7654 33 has a wrong checksum; DE89 is a road.",
            "See icon@2x.png, user@localhost, @handle, and a @ b.",
            "std::vector<int> and dead::beef, at 12:30:45:99, 2001:db8::1 in the manual.",
            "Unix time 1700000000 and 1700000000000, id 2125551234, hash 9f86d081884c7d65.",
            "Versions 4.111.1111.1111.1111 and 4111.1111.1111.1111.1, build 411.111.111.111.111.1.",
            "4111111111111.111, 4111111.111111111, 4.111.111.111.111.111 and 41111.11111111111 are amounts.",
            "de8 9370 4004 4053 2013 000 and DE8937-0400440532013000 are grouped as no account is.",
            "gb82abcd123456987654zz, be16-1234-1234-1235, it60 people came to town on a bus.",
            "Chapter 1.2.3.4 says so in 300.400.500.600.");

    @Test
    void finds_of_a_synthetic_corpus_have_high_precision_and_recall() {
        Random random = new Random(5);
        int[][] counts = new int[PrivateKind.values().length][3];
        for (int i = 0; i < 2_000; i++) {
            List<PrivateKind> planted = new ArrayList<>();
            StringBuilder text = new StringBuilder();
            for (int k = 0; k < 5; k++) {
                if (random.nextBoolean()) {
                    PrivateKind kind = PrivateKind.values()[random.nextInt(5)];
                    planted.add(kind);
                    text.append(Synthetic.sentence(random, Synthetic.of(kind, random)));
                } else {
                    text.append(Synthetic.sentence(random, Synthetic.lookalike(random)));
                }
            }
            Map<String, Integer> found = apply(text.toString()).counts();
            for (PrivateKind kind : PrivateKind.values()) {
                int here = (int) planted.stream().filter(kind::equals).count();
                int there = found.getOrDefault(kind.reason(), 0);
                counts[kind.ordinal()][0] += Math.min(here, there);
                counts[kind.ordinal()][1] += Math.max(0, there - here);
                counts[kind.ordinal()][2] += Math.max(0, here - there);
            }
        }
        StringBuilder figures = new StringBuilder("kind   precision  recall  planted\n");
        for (PrivateKind kind : PrivateKind.values()) {
            int[] c = counts[kind.ordinal()];
            double precision = (double) c[0] / (c[0] + c[1]);
            double recall = (double) c[0] / (c[0] + c[2]);
            figures.append(
                    String.format(Locale.ROOT, "%-6s %.4f     %.4f  %d%n", kind, precision, recall, c[0] + c[2]));
            assertThat(precision).as(kind + " precision").isGreaterThanOrEqualTo(0.97);
            assertThat(recall).as(kind + " recall").isGreaterThanOrEqualTo(0.97);
        }
        Figures.write("private_data", figures);
    }

    @Test
    void hostile_text_takes_linear_time() {
        String hostile = "a@".repeat(100_000)
                + "1.1.1.".repeat(50_000)
                + "1:".repeat(50_000)
                + "4 ".repeat(100_000)
                + "GB82".repeat(50_000)
                + "+1-".repeat(50_000);
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> replaced(hostile));
    }

    @Test
    void an_unknown_country_is_refused() {
        assertThatThrownBy(() -> new PrivateData(List.of(PrivateKind.PHONE), "XX"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("received \"XX\"");
    }
}
