/**
 * Bytes to characters as browsers do it: the labels, indexes and decoders of the <a
 * href="https://encoding.spec.whatwg.org">WHATWG Encoding Standard</a>. Java's charsets differ from them in labels
 * ({@code gb2312} is GBK on the web, {@code iso-8859-1} is windows-1252), in characters and in what follows a wrong byte. The tables in the resources
 * are the standard's own indexes, which are in the public domain (CC0).
 */
@NullMarked
package dev.jumbo.spark.text.charset;

import org.jspecify.annotations.NullMarked;
