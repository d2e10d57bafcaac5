package dev.jumbo.spark.text.privacy;

import java.util.Locale;
import java.util.Set;

/** Words before a number that say what it is. */
final class Labels {
    /** Of phones: after one a number counts that is written without any sign between its digits. */
    static final Set<String> PHONE = Set.of(
            "phone",
            "phones",
            "telephone",
            "tel",
            "tele",
            "ph",
            "mobile",
            "mob",
            "cell",
            "cellphone",
            "call",
            "fax",
            "facsimile",
            "text",
            "sms",
            "whatsapp",
            "voice",
            "hotline",
            "pager",
            "telefon",
            "handy",
            "mobil",
            "telefax",
            "t\u00e9l\u00e9phone",
            "t\u00e9l",
            "portable",
            "tel\u00e9fono",
            "m\u00f3vil",
            "celular",
            "telefono",
            "cellulare",
            "telefone",
            "telefoon",
            "puhelin",
            "\u0442\u0435\u043b\u0435\u0444\u043e\u043d",
            "\u0442\u0435\u043b",
            "\u96fb\u8a71",
            "\u7535\u8bdd",
            "\u624b\u673a",
            "\u624b\u6a5f",
            "\u643a\u5e2f");

    /** Of numbers that are no phones, however they are grouped. */
    static final Set<String> NO_PHONE = Set.of(
            "isbn",
            "isbn-10",
            "isbn-13",
            "issn",
            "ean",
            "upc",
            "gtin",
            "sku",
            "asin",
            "doi",
            "order",
            "orders",
            "invoice",
            "serial",
            "part",
            "pn",
            "ref",
            "reference",
            "tracking",
            "case",
            "ticket",
            "bug",
            "patent",
            "article",
            "model",
            "item",
            "id",
            "ids",
            "vin",
            "imei",
            "account",
            "acct",
            "license",
            "licence",
            "rfc",
            "bestellnummer",
            "rechnung",
            "artikel",
            "commande",
            "facture",
            "pedido",
            "factura");

    /** Of versions and numbers of chapters. */
    static final Set<String> VERSION = Set.of(
            "version",
            "versions",
            "ver",
            "vers",
            "v",
            "release",
            "releases",
            "rel",
            "rev",
            "revision",
            "build",
            "firmware",
            "fw",
            "section",
            "sections",
            "sec",
            "chapter",
            "chapters",
            "clause",
            "paragraph",
            "para",
            "article",
            "rule",
            "figure",
            "fig",
            "table",
            "appendix",
            "annex",
            "item",
            "step",
            "update",
            "upgrade",
            "patch",
            "driver",
            "drivers",
            "kernel",
            "oid",
            "jdk",
            "sdk",
            "jre",
            "bios",
            "dll",
            "assemblyversion",
            "fileversion",
            "abschnitt",
            "kapitel",
            "versi\u00f3n",
            "versione",
            "vers\u00e3o");

    /** Words between a label and its number: "order no. 123", "phone number is 123". */
    private static final Set<String> BETWEEN = Set.of(
            "no", "nr", "num", "number", "numbers", "nummer", "num\u00e9ro", "n\u00famero", "numero", "is", "code");

    /** Between a label and a phone alone: "call me at". An update from 8.8.8.8 is none of the version 8.8.8.8. */
    private static final Set<String> BETWEEN_PHONE = Set.of("at", "me", "us", "on");

    private static final int SIGNS = 5;
    private static final int WORDS = 3;

    private Labels() {}

    /** Whether one of the words stands before a position, with a few signs and words such as <em>number</em> between. */
    static boolean before(Line line, int position, Set<String> labels) {
        int end = position;
        for (int word = 0; word < WORDS; word++) {
            int from = end;
            while (end > line.start() && !isWord(line.at(end - 1)) && from - end < SIGNS) {
                end--;
            }
            int begin = end;
            while (begin > line.start() && isWord(line.at(begin - 1)) && end - begin < 20) {
                begin--;
            }
            String found = line.text().substring(begin, end).toLowerCase(Locale.ROOT);
            if (labels.contains(found)) {
                return true;
            }
            if (!BETWEEN.contains(found) && !(labels == PHONE && BETWEEN_PHONE.contains(found))) {
                return false;
            }
            end = begin;
        }
        return false;
    }

    private static boolean isWord(char c) {
        return Character.isLetter(c);
    }
}
