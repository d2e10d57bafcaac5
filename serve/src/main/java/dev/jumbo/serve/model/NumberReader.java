package dev.jumbo.serve.model;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.wire.Elements;
import dev.jumbo.serve.wire.InferJson;
import dev.jumbo.serve.wire.JsonData;
import java.io.IOException;

/** Numbers of a JSON list. */
public final class NumberReader implements RawReader {
    @Override
    public double[] read(byte[] body, Field raw) {
        Examples examples = readAll(body, raw);
        if (examples.list()) {
            throw new InputException("expected one example, received a list of them");
        }
        return examples.values();
    }

    @Override
    public Examples readAll(byte[] body, Field raw) {
        JsonData data;
        try (JsonParser parser = InferJson.FACTORY.createParser(body)) {
            InferJson.expect(parser, parser.nextToken(), JsonToken.START_ARRAY, "a list of numbers");
            data = JsonData.read(parser);
            InferJson.expectEnd(parser);
        } catch (IOException e) {
            throw InferJson.badJson(e);
        }
        // One list more than an example has dimensions is a list of examples.
        boolean list = data.depth() == Math.max(1, raw.shape().rank()) + 1
                && data.rows() > 0
                && data.size() == (long) data.rows() * raw.elements();
        int rows = list ? data.rows() : 1;
        if (!list && data.size() != raw.elements()) {
            throw new InputException("expected " + raw.elements() + " numbers for \"" + raw.name() + "\" of shape "
                    + raw.shape() + ", or a list of such examples, received " + data.size());
        }
        double[] values = new double[data.size()];
        for (int i = 0; i < values.length; i++) {
            String place = list ? " in row " + i / raw.elements() : "";
            if (data.form() == Elements.Form.TEXTS || data.isMissing(i)) {
                throw new InputException(
                        "expected numbers, received " + (data.isMissing(i) ? "null" : "\"" + data.text(i) + "\"")
                                + " at " + i % raw.elements() + place);
            }
            if (!Float.isFinite((float) data.real(i))) {
                throw new InputException("expected numbers up to 3.4e38, received " + data.real(i) + " at "
                        + i % raw.elements() + place);
            }
            String refusal = raw.meaning() instanceof Meaning.Stored stored ? stored.refusal(data.real(i)) : null;
            if (refusal != null) {
                throw new InputException("\"" + raw.name() + "\": " + refusal + " at " + i % raw.elements() + place);
            }
            values[i] = data.isLong(i) ? data.whole(i) : data.real(i);
        }
        return new Examples(values, rows, list);
    }
}
