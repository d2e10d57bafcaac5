package dev.jumbo.serve.model;

import dev.jumbo.data.Column;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.serve.wire.Datatype;
import dev.jumbo.serve.wire.Elements;
import dev.jumbo.serve.wire.InferRequest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The values of tensors in the form in which a model takes them; what it does not take is refused with its place. */
final class InputValues {
    private InputValues() {}

    /** @throws InputException if one is unknown or given twice */
    static Map<String, InferRequest.Input> byName(InferRequest request, List<String> known) {
        return byName(request, known, known);
    }

    /** As the other. @param used of the known ones, those that the model looks at: no other is worth naming */
    static Map<String, InferRequest.Input> byName(InferRequest request, List<String> known, List<String> used) {
        Map<String, InferRequest.Input> given = new LinkedHashMap<>();
        for (InferRequest.Input input : request.inputs()) {
            if (!known.contains(input.name())) {
                throw new InputException("unknown input \"" + input.name() + "\"" + Nearest.hint(input.name(), used));
            }
            if (given.put(input.name(), input) != null) {
                throw new InputException("the input \"" + input.name() + "\" is given twice");
            }
        }
        return given;
    }

    /** Texts, or files in base64, as raw values. */
    static Column texts(Field field, InferRequest.Input input) {
        Elements elements = input.elements();
        byte[][] values = new byte[elements.size()][];
        for (int i = 0; i < values.length; i++) {
            byte[] given = elements.form() == Elements.Form.TEXTS ? elements.bytes(i) : null;
            if (given == null) {
                throw new InputException("input \"" + input.name() + "\": expected BYTES, received "
                        + (elements.isMissing(i) ? "null" : input.datatype()) + " at "
                        + Datatype.place(input.shape(), i));
            }
            boolean text = field.meaning() instanceof Meaning.Text;
            if (text) {
                elements.text(i); // refuses what is no UTF-8
            }
            values[i] = text ? given : content(input, given, i);
        }
        return new Column.Bytes(field, values);
    }

    /** What a file holds: as it is, or in base64, whose letters alone no picture and no sound consists of. */
    private static byte[] content(InferRequest.Input input, byte[] given, int index) {
        boolean letters = given.length > 0;
        for (int i = 0; letters && i < given.length; i++) {
            letters = given[i] > ' ' && given[i] < 127;
        }
        try {
            return letters ? Base64.getDecoder().decode(given) : given;
        } catch (IllegalArgumentException e) {
            throw new InputException(
                    "input \"" + input.name() + "\": expected the content of a file in base64 at "
                            + Datatype.place(input.shape(), index) + ", received another text",
                    e);
        }
    }

    static double[] reals(InferRequest.Input input, boolean wide) {
        Elements elements = input.elements();
        requireNumbers(input);
        double[] values = new double[elements.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = elements.real(i);
            boolean fits = wide ? Double.isFinite(values[i]) : Float.isFinite((float) values[i]);
            if (elements.isMissing(i) || !fits) {
                throw new InputException("input \"" + input.name() + "\": expected numbers"
                        + (wide ? "" : " up to 3.4e38") + ", received " + (elements.isMissing(i) ? "null" : values[i])
                        + " at " + Datatype.place(input.shape(), i));
            }
        }
        return values;
    }

    /** Raw values of a field of one size. @param fills whether a missing number is filled in as training fills it */
    static Column column(Field field, InferRequest.Input input, int rows, boolean fills) {
        if (field.isBytes()) {
            return texts(field, input);
        }
        Column column = Column.of(field, rows);
        Object to = column.values();
        if (to instanceof double[] doubles) {
            requireNumbers(input);
            for (int i = 0; i < doubles.length; i++) {
                doubles[i] = input.elements().isMissing(i) ? missing(input, i, fills) : real(input, i, fills);
            }
            return column;
        }
        double[] values = reals(input, false);
        Object from = to instanceof long[] ? longs(input) : floats(values);
        System.arraycopy(from, 0, to, 0, values.length);
        return column;
    }

    private static double missing(InferRequest.Input input, int index, boolean fills) {
        if (!fills) {
            throw new InputException(
                    "input \"" + input.name() + "\": expected numbers, received null at "
                            + Datatype.place(input.shape(), index)
                            + "; send what stands for a missing value once the data is cleaned, or ask predict, which cleans rows");
        }
        return Double.NaN;
    }

    private static double real(InferRequest.Input input, int index, boolean fills) {
        double value = input.elements().real(index);
        if (fills ? !Float.isFinite((float) value) : !Double.isFinite(value)) {
            throw new InputException("input \"" + input.name() + "\": expected numbers"
                    + (fills ? " up to 3.4e38, or null where one is missing" : "") + ", received " + value + " at "
                    + Datatype.place(input.shape(), index));
        }
        return value;
    }

    private static void requireNumbers(InferRequest.Input input) {
        if (input.elements().form() == Elements.Form.TEXTS) {
            throw new InputException("input \"" + input.name() + "\": expected numbers, received BYTES");
        }
    }

    static void requireFinite(InferRequest.Input input, float[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new InputException("input \"" + input.name() + "\": expected numbers up to 3.4e38, received "
                        + values[i] + " at " + Datatype.place(input.shape(), i));
            }
        }
    }

    /** Bytes are scaled and other numbers are not: what a model was trained on is what it is asked. */
    static void requireStored(Field field, InferRequest.Input input) {
        if (!(field.meaning() instanceof Meaning.Stored stored)) {
            return;
        }
        String where = "input \"" + input.name() + "\": ";
        if (input.datatype() == Datatype.UINT8 && stored.type() != Meaning.Stored.Type.UINT8) {
            throw new InputException(where + "expected " + Datatype.of(field) + " (the model was trained on "
                    + stored.type() + "), received UINT8, as bytes of pixels are; send numbers on training's scale");
        }
        Elements elements = input.elements();
        for (int i = 0; i < elements.size(); i++) {
            String refusal = stored.refusal(elements.real(i));
            if (refusal != null) {
                throw new InputException(where + refusal + " at " + Datatype.place(input.shape(), i));
            }
        }
    }

    static float[] floats(double[] values) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) values[i];
        }
        return narrow;
    }

    static long[] longs(InferRequest.Input input) {
        Elements elements = input.elements();
        long[] values = new long[elements.size()];
        for (int i = 0; i < values.length; i++) {
            double real = elements.real(i);
            if (!elements.isLong(i) && (real != Math.rint(real) || Math.abs(real) >= 0x1p63)) {
                throw new InputException("input \"" + input.name() + "\": expected whole numbers, received " + real
                        + " at " + Datatype.place(input.shape(), i));
            }
            values[i] = elements.whole(i);
        }
        return values;
    }
}
