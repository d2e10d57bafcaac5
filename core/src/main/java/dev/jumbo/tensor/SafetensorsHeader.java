package dev.jumbo.tensor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.jumbo.config.json.JsonProblem;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parsed and checked header of a safetensors file.
 *
 * @param entries by name, in the order of their offsets; with the others they tile the data without holes
 * @param others tensors of types that tensors here cannot have, by name
 * @param metadata texts by key
 */
record SafetensorsHeader(
        Map<String, SafetensorsFile.Entry> entries, Map<String, Other> others, Map<String, String> metadata) {
    /** Bits of a value of the types of the format that {@link DType} does not have. */
    private static final Map<String, Integer> OTHER_TYPES = Map.ofEntries(
            Map.entry("F4", 4),
            Map.entry("F6_E2M3", 6),
            Map.entry("F6_E3M2", 6),
            Map.entry("F8_E5M2", 8),
            Map.entry("F8_E4M3", 8),
            Map.entry("F8_E8M0", 8),
            Map.entry("F8_E5M2FNUZ", 8),
            Map.entry("F8_E4M3FNUZ", 8),
            Map.entry("U16", 16),
            Map.entry("U32", 32),
            Map.entry("U64", 64),
            Map.entry("C64", 64),
            Map.entry("C128", 128));

    /** A tensor of a type that is none of {@link DType}. @param type as in {@code U16} @param begin its first byte, from the end of the header */
    record Other(String type, Shape shape, long begin) {
        String shown() {
            return type + " " + shape;
        }
    }

    /** A tensor of any type. @param entry null where the type is none of {@link DType} */
    private record Described(SafetensorsFile.@Nullable Entry entry, String type, Shape shape, long begin, long end) {}

    /** libtorch's own limit on dimensions. */
    private static final int MAX_RANK = 64;

    /** Strict and bounded: no duplicate keys, nothing deeper than an entry's lists, no number longer than a long. */
    static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(3)
                    .maxNumberLength(20)
                    .maxStringLength((int) Safetensors.MAX_HEADER_BYTES)
                    .build())
            .build();

    /**
     * Parses and checks a header.
     *
     * @param dataBytes how many bytes follow the header
     * @throws InputException at the first thing that is wrong, without the name of the file
     */
    static SafetensorsHeader parse(ByteBuffer utf8, long dataBytes) {
        String text;
        try {
            // Not by the JSON parser, which would also guess UTF-16 and UTF-32.
            text = StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
        } catch (CharacterCodingException e) {
            throw new InputException("expected a header in UTF-8, received other bytes", e);
        }
        Map<String, Described> entries = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        try (JsonParser parser = JSON.createParser(text)) {
            expect(parser, parser.nextToken(), JsonToken.START_OBJECT, "a JSON object as the header");
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                if (name.equals(Safetensors.METADATA)) {
                    readMetadata(parser, metadata);
                } else {
                    entries.put(name, readEntry(parser, name));
                }
            }
            if (parser.nextToken() != null) {
                throw new InputException("expected nothing but blanks after the JSON object of the header");
            }
        } catch (JsonProcessingException e) {
            throw new InputException("expected a header in JSON: " + JsonProblem.of(e), e);
        } catch (IOException e) {
            throw new AssertionError("reading from a string does no input", e);
        }
        Map<String, SafetensorsFile.Entry> readable = new LinkedHashMap<>();
        Map<String, Other> others = new LinkedHashMap<>();
        tiled(entries, dataBytes).forEach((name, described) -> {
            if (described.entry != null) {
                readable.put(name, described.entry);
            } else {
                others.put(name, new Other(described.type, described.shape, described.begin));
            }
        });
        return new SafetensorsHeader(readable, others, metadata);
    }

    private static void readMetadata(JsonParser parser, Map<String, String> into) throws IOException {
        expect(parser, parser.nextToken(), JsonToken.START_OBJECT, "an object as " + Safetensors.METADATA);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            expect(parser, parser.nextToken(), JsonToken.VALUE_STRING, "texts in " + Safetensors.METADATA);
            into.put(key, parser.getText());
        }
    }

    private static Described readEntry(JsonParser parser, String name) throws IOException {
        String where = "tensor \"" + name + "\": ";
        expect(parser, parser.nextToken(), JsonToken.START_OBJECT, where + "an object");
        String dtype = null;
        long[] shape = null;
        long[] offsets = null;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (key) {
                case "dtype" -> {
                    expect(parser, value, JsonToken.VALUE_STRING, where + "a text as dtype");
                    dtype = parser.getText();
                }
                case "shape" -> shape = readLongs(parser, where + "a list of whole numbers as shape", MAX_RANK);
                case "data_offsets" -> offsets = readLongs(parser, where + "two whole numbers as data_offsets", 2);
                default ->
                    throw new InputException(
                            where + "expected the keys dtype, shape and data_offsets, received \"" + key + "\"");
            }
        }
        if (dtype == null || shape == null || offsets == null || offsets.length != 2) {
            throw new InputException(where + "expected dtype, shape and two data_offsets");
        }
        return entry(where, dtype, shape, offsets[0], offsets[1]);
    }

    private static Described entry(String where, String type, long[] sizes, long begin, long end) {
        @Nullable DType dtype = OTHER_TYPES.containsKey(type) ? null : DType.ofSafetensors(type);
        long bits = dtype == null ? OTHER_TYPES.getOrDefault(type, 0) : dtype.bytes() * (long) Byte.SIZE;
        if (begin < 0 || end < begin) {
            throw new InputException(where + "expected data_offsets 0 <= begin <= end, received " + begin + ", " + end);
        }
        Shape shape;
        try {
            shape = Shape.of(sizes);
            // Strides are products too, and those of an empty tensor are taken over its other sizes.
            long largest = Math.max(1, bits / Byte.SIZE);
            for (long size : sizes) {
                largest = Math.multiplyExact(largest, Math.max(1, size));
            }
        } catch (ArithmeticException e) {
            throw new InputException(where + "the shape has more than 2^63 bytes", e);
        } catch (InputException e) {
            throw new InputException(where + e.getMessage(), e);
        }
        // Of types of less than a byte, values fill bytes together.
        long bytes = bits >= Byte.SIZE
                ? shape.elements() * (bits / Byte.SIZE)
                : (Math.multiplyExact(shape.elements(), bits) + Byte.SIZE - 1) / Byte.SIZE;
        if (bytes != end - begin) {
            throw new InputException(where + "expected " + bytes + " bytes for " + type + " " + shape
                    + ", received data_offsets over " + (end - begin));
        }
        return new Described(
                dtype == null ? null : new SafetensorsFile.Entry(dtype, shape, begin, end), type, shape, begin, end);
    }

    private static long[] readLongs(JsonParser parser, String expected, int most) throws IOException {
        expect(parser, parser.currentToken(), JsonToken.START_ARRAY, expected);
        List<Long> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(parser, parser.currentToken(), JsonToken.VALUE_NUMBER_INT, expected);
            if (values.size() == most) {
                throw new InputException("expected " + expected + ", received more than " + most);
            }
            values.add(parser.getLongValue());
        }
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    /** The entries in the order of their offsets, if they cover the data exactly once. */
    private static Map<String, Described> tiled(Map<String, Described> entries, long dataBytes) {
        var sorted = entries.entrySet().stream()
                .sorted(Comparator.comparingLong(
                                (Map.Entry<String, Described> e) -> e.getValue().begin())
                        .thenComparingLong(e -> e.getValue().end()))
                .toList();
        Map<String, Described> result = new LinkedHashMap<>();
        long reached = 0;
        for (var entry : sorted) {
            long begin = entry.getValue().begin();
            if (begin != reached) {
                throw new InputException("tensor \"" + entry.getKey() + "\": expected data from byte " + reached
                        + ", received a begin of " + begin
                        + (begin < reached ? ", which overlaps another tensor" : ", which leaves a hole"));
            }
            reached = entry.getValue().end();
            result.put(entry.getKey(), entry.getValue());
        }
        if (reached != dataBytes) {
            throw new InputException("expected " + reached + " bytes of tensors, received " + dataBytes
                    + (reached > dataBytes ? ": the file is truncated" : ": there are trailing bytes"));
        }
        return result;
    }

    private static void expect(JsonParser parser, @Nullable JsonToken received, JsonToken wanted, String expected)
            throws IOException {
        if (received != wanted) {
            throw new InputException("expected " + expected + ", received "
                    + (received == null ? "nothing" : received.isScalarValue() ? parser.getText() : received));
        }
    }
}
