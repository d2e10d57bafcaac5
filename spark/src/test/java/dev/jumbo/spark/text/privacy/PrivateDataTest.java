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

    private static final List<PrivateKind> PLANTED =
            List.of(PrivateKind.EMAIL, PrivateKind.IBAN, PrivateKind.CARD, PrivateKind.IP, PrivateKind.PHONE);

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
    void what_people_write_in_other_ways_is_found() {
        FOUND.forEach((text, expected) -> assertThat(replaced(text)).isEqualTo(expected));
    }

    private static final Map<String, String> FOUND = Map.ofEntries(
            Map.entry("Mail \"john doe\"@example.org or \"a\\\"b c\"@example.org now", "Mail <EMAIL> or <EMAIL> now"),
            Map.entry("Phone:2024561414", "Phone:<PHONE>"),
            Map.entry("Tel. 2024561414, fax no. 2024561415", "Tel. <PHONE>, fax no. <PHONE>"),
            Map.entry("call me at 2024561414", "call me at <PHONE>"),
            Map.entry("tel:+1-202-456-1414", "tel:<PHONE>"),
            Map.entry("\uff08\uff12\uff10\uff12\uff09\uff14\uff15\uff16-\uff11\uff14\uff11\uff14", "<PHONE>"),
            Map.entry("+\u0664\u0664 \u0662\u0660 \u0667\u0669\u0664\u0666 \u0660\u0660\u0661\u0668", "<PHONE>"),
            Map.entry(
                    "\uff54\uff41\uff52\uff4f\uff20\uff45\uff58\uff41\uff4d\uff50\uff4c\uff45\uff0e\uff43\uff4f\uff4d",
                    "<EMAIL>"),
            Map.entry("\uff14\uff11\uff11\uff11 1111 1111 1111", "<CARD>"),
            Map.entry("IP \uff18.\uff18.\uff18.\uff18 here", "IP <IP> here"),
            Map.entry("jane [at] example [dot] org, jane (at) mail.example.org", "<EMAIL>, <EMAIL>"),
            Map.entry("jane.doe AT example DOT org and jane_at_example_dot_org", "<EMAIL> and <EMAIL>"),
            Map.entry("jane&#64;example.org, mailto:jane%40example.org", "<EMAIL>, mailto:<EMAIL>"),
            Map.entry("root@[8.8.4.4] answered", "<EMAIL> answered"),
            Map.entry(
                    "https://jane:s3cret@example.org:8080/x and postgres://app:p%40ss@db/x",
                    "https://<LOGIN>@example.org:8080/x and postgres://<LOGIN>@db/x"),
            Map.entry("SSN 536-90-4399, ssn: 536 90 4399, SSN 536904399", "SSN <SSN>, ssn: <SSN>, SSN <SSN>"),
            Map.entry("MAC 00:1B:44:11:3a:b7 and 00-1b-44-11-3a-b8.", "MAC <MAC> and <MAC>."),
            Map.entry("2a00:1450:4001:81b:1:2:3:200e: no route; [2a00:1450::200e]:443", "<IP>: no route; [<IP>]:443"),
            Map.entry(
                    "http://8.8.8.8/x, 8.8.8.8:53, ip.addr == 8.8.8.8, ip=8.8.8.8, from 8.8.8.8",
                    "http://<IP>/x, <IP>:53, ip.addr == <IP>, ip=<IP>, from <IP>"),
            Map.entry("got an update from 8.8.8.8", "got an update from <IP>"));

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
            "Chapter 1.2.3.4 says so in 300.400.500.600.",
            "pip install x==1.2.3.4 'y>=1.2.3.4' z~=1.2.3.4 w^1.2.3.4 and u == 1.2.3.4",
            "git clone git@github.com:org/repo, git+ssh://git@gitlab.example.org/a.git, ssh://hg@example.org/a",
            "npm i left@1.2.3 @types/node@18.0.0, node@v1.2.3.4, docker pull nginx:1.2.3.4-alpine",
            "Mozilla/5.0 Chrome/91.0.4472.124 curl/7.1.2.3, lib-1.2.3.4.jar, foo_1.2.3.4.tar.gz",
            "AssemblyVersion(\"1.2.3.4\"), Version=4.1.2.3, version is 1.2.3.4, release: 9.8.7.6, 1.3.6.1.4",
            "On 2023-12-01 10:30, 2023-12-01 10, 30/12/2023 10, 2023/12/01 1020 and 20231201103000.",
            "Order 202-456-1414, invoice no. 202-456-1414, ISBN 0-306-40615-7 and 1-56592-257-3, ISSN 1234-5678.",
            "EAN 4006381333931 and 4012345123456, 202.4561414 is a decimal, range 1990-1995 2000-2005.",
            "000-12-3456, 666-12-3456, 912-12-3456, 123-00-4567, 123-45-0000, 2023-05-1120, 536 90 4399.",
            "00:00:00:00:00:00, ff:ff:ff:ff:ff:ff, 12:30:45:10:20, 00:1b:44:11:3a:b7:c8:d9",
            "2.2.2.1) The first; 41 42 43 44 45 46 47 48; 4. Canada  3  0 1 2  13-21  -8  1",
            "Front 52/42, rear 14-16-18-22-24-30; Buf  512  814 1326",
            "Meet me at dot com headquarters; at home (at noon), look [at] this.",
            "http://example.org:80/a@b, @Override, user@host, a@b.c");

    @Test
    void finds_of_a_synthetic_corpus_have_high_precision_and_recall() {
        Random random = new Random(5);
        int[][] counts = new int[PrivateKind.values().length][3];
        for (int i = 0; i < 2_000; i++) {
            List<PrivateKind> planted = new ArrayList<>();
            StringBuilder text = new StringBuilder();
            for (int k = 0; k < 5; k++) {
                if (random.nextBoolean()) {
                    PrivateKind kind = PLANTED.get(random.nextInt(PLANTED.size()));
                    planted.add(kind);
                    text.append(Synthetic.sentence(random, Synthetic.of(kind, random)));
                } else {
                    text.append(Synthetic.sentence(random, Synthetic.lookalike(random)));
                }
            }
            Map<String, Integer> found = apply(text.toString()).counts();
            for (PrivateKind kind : PLANTED) {
                int here = (int) planted.stream().filter(kind::equals).count();
                int there = found.getOrDefault(kind.reason(), 0);
                counts[kind.ordinal()][0] += Math.min(here, there);
                counts[kind.ordinal()][1] += Math.max(0, there - here);
                counts[kind.ordinal()][2] += Math.max(0, here - there);
            }
        }
        StringBuilder figures = new StringBuilder("kind   precision  recall  planted\n");
        for (PrivateKind kind : PLANTED) {
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
