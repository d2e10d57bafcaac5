package dev.jumbo.spark.text.charset;

import java.util.HashMap;
import java.util.Map;

/**
 * A charset of one byte for each character.
 *
 * @param upper the characters of the bytes from 128 on
 */
record SingleByte(String upper) implements Decoder {
    static Map<String, Decoder> all() {
        Map<String, Decoder> all = new HashMap<>();
        for (String line : Tables.lines("single-byte.txt")) {
            int space = line.indexOf(' ');
            all.put(line.substring(0, space), new SingleByte(line.substring(space + 1)));
        }
        return all;
    }

    @Override
    public void decode(Bytes in, StringBuilder out) {
        for (int next = in.next(); next != Bytes.END; next = in.next()) {
            out.append(next < 0x80 ? (char) next : upper.charAt(next - 0x80));
        }
    }
}
