package dev.jumbo.serve;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import java.io.IOException;

/** Turns the body of a {@code predict} request into the raw values of one example, as a dataset would give them. */
@FunctionalInterface
public interface RawReader {
    /**
     * Reads one example.
     *
     * @param body an encoded image, or JSON
     * @param raw the model's first raw input, whose shape the values must have
     * @return row-major values
     * @throws InputException if the body is not what it should be
     */
    double[] read(byte[] body, Field raw);

    /** A JSON list of numbers, {@code [5.1, 3.5, 1.4, 0.2]}, nested in any way. */
    static RawReader numbers() {
        return (body, raw) -> {
            try (JsonParser parser = InferJson.FACTORY.createParser(body)) {
                InferJson.expect(parser, parser.nextToken(), JsonToken.START_ARRAY, "a list of numbers");
                NumberList values = NumberList.read(parser);
                InferJson.expectEnd(parser);
                if (values.size() != raw.elements()) {
                    throw new InputException("expected " + raw.elements() + " numbers for \"" + raw.name()
                            + "\" of shape " + raw.shape() + ", received " + values.size());
                }
                return values.toDoubles();
            } catch (IOException e) {
                throw InferJson.badJson(e);
            }
        };
    }

    /** Says that the model does not take this kind of body. @param expected what it takes instead */
    static RawReader refusing(String expected) {
        return (body, raw) -> {
            throw new InputException("expected " + expected + ": the model does not take this kind of body");
        };
    }
}
