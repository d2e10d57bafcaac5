package dev.jumbo.serve.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An inference request whose shapes and sizes have been checked against each other, but not yet against a model.
 *
 * @param id the caller's name for the request, sent back
 * @param outputs the outputs asked for; empty for all
 * @param binaryOutputs whether outputs that don't say so themselves are sent as binary data
 */
public record InferRequest(@Nullable String id, List<Input> inputs, List<Output> outputs, boolean binaryOutputs) {
    /** A tensor of the request. @param shape batch first; its product is the number of elements */
    public record Input(String name, Datatype datatype, long[] shape, Elements elements) {}

    /** An output that is asked for. @param binary null to leave it to the request */
    public record Output(String name, @Nullable Boolean binary) {}

    /** Whether an output is to be sent as binary data. */
    public boolean binary(Output output) {
        return output.binary() == null ? binaryOutputs : output.binary();
    }
}
