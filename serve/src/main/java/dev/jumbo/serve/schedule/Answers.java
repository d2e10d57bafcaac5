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
    /** Bytes for each value that is computed: as it comes out of the model, and as part of a batch. */
    private static final long COMPUTED_BYTES = 8;

    /** And for each that is sent as binary data, or in digits: in a body that grows, and in the one that is sent. */
    private static final long BINARY_BYTES = 8;

    private static final long TEXT_BYTES = 24;

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

    /**
     * What an answer takes at most, with the outputs that are computed and not sent; of sizes that were not seen yet, an output is taken to
     * be as large as its field says.
     *
     * @param wanted as {@link #select} says
     */
    static long bytes(
            ServedModel model, ServedModel.Request read, InferRequest request, List<InferRequest.Output> wanted) {
        long each = 0;
        for (Field output : model.outputs(read)) {
            each += COMPUTED_BYTES * output.shape().elements();
            for (InferRequest.Output one : wanted) {
                if (one.name().equals(output.name())) {
                    boolean all =
                            one.classes() == 0 || one.classes() > output.shape().elements();
                    long values = all ? output.shape().elements() : one.classes();
                    each += (request.binary(one) ? BINARY_BYTES : TEXT_BYTES) * values;
                }
            }
        }
        return each * read.rows();
    }

    /** As the other, of an answer that has all outputs as texts. */
    static long bytes(ServedModel model, ServedModel.Request read) {
        long each = 0;
        for (Field output : model.outputs(read)) {
            each += (COMPUTED_BYTES + TEXT_BYTES) * output.shape().elements();
        }
        return each * read.rows();
    }
}
