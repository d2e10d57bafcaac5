package dev.jumbo.serve.schedule;

import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.wire.InferAnswer;
import dev.jumbo.serve.wire.InferRequest;
import dev.jumbo.train.answer.RowOutputs;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What of a model's outputs is answered. */
final class Answers {
    /** Bytes for each value of an answer: the value, copies of it, and its digits. */
    private static final long BYTES_PER_OUTPUT = 32;

    private Answers() {}

    /**
     * The outputs to send, in the order asked for.
     *
     * @throws InputException if one is unknown or asked for twice
     */
    static List<InferRequest.Output> select(ServedModel model, InferRequest request) {
        List<String> known = model.outputs().stream().map(Field::name).toList();
        if (request.outputs().isEmpty()) {
            return known.stream()
                    .map(name -> new InferRequest.Output(name, null))
                    .toList();
        }
        Set<String> seen = new HashSet<>();
        for (InferRequest.Output output : request.outputs()) {
            if (!known.contains(output.name())) {
                throw new InputException(
                        "unknown output \"" + output.name() + "\"" + Nearest.hint(output.name(), known));
            }
            if (!seen.add(output.name())) {
                throw new InputException("the output \"" + output.name() + "\" is asked for twice");
            }
        }
        return request.outputs();
    }

    /** @param wanted as {@link #select} says @param computed all outputs */
    static InferAnswer of(
            ServedModel served,
            InferRequest request,
            List<InferRequest.Output> wanted,
            ServedModel.Request read,
            RowOutputs computed) {
        served.requireFinite(read, computed);
        List<ServedModel.Sent> sent = served.sent(read, computed);
        List<String> names = served.outputs().stream().map(Field::name).toList();
        List<InferAnswer.Output> outputs = new ArrayList<>();
        for (InferRequest.Output output : wanted) {
            int index = names.indexOf(output.name());
            ServedModel.Sent one = sent.get(index);
            outputs.add(new InferAnswer.Output(one.field(), one.values(), request.binary(output), output.classes()));
        }
        return new InferAnswer(served.name(), served.version(), request.id(), outputs, read.rows(), read.warnings());
    }

    /** What an answer takes at most; of sizes that were not seen yet, an output is taken to be as large as its field says. */
    static long bytes(ServedModel model, ServedModel.Request request) {
        long each = 0;
        for (Field output : model.outputs(request)) {
            each += output.shape().elements();
        }
        return each * request.rows() * BYTES_PER_OUTPUT;
    }
}
