package dev.jumbo.spark.text.privacy;

import java.util.Locale;

/** What identifies a person. Where two overlap, both are replaced by the first in this order. */
public enum PrivateKind {
    /** User and password in an address of the web. */
    LOGIN,
    /** An e-mail address, also one that is written out: {@code jane [at] example.org}. */
    EMAIL,
    /** An international bank account number with a right checksum (ISO 13616: modulo 97). */
    IBAN,
    /** A number of a payment card with a right checksum (ISO/IEC 7812: Luhn's). */
    CARD,
    /** A number of the Social Security of the United States. */
    SSN,
    /** A public IP address, version 4 or 6. */
    IP,
    /** A hardware address of a network adapter. */
    MAC,
    /** A phone number that is valid in its country. */
    PHONE;

    /** What stands in its place: {@code <EMAIL>}. */
    public String placeholder() {
        return "<" + name() + ">";
    }

    /** The name by which reports count it: {@code private_data.email}. */
    public String reason() {
        return "private_data." + name().toLowerCase(Locale.ROOT);
    }
}
