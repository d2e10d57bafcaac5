package dev.jumbo.serve.grpc;

import dev.jumbo.serve.grpc.proto.ModelMetadataResponse;
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.model.TensorInfo;
import java.util.List;

/** What a model takes and answers, as a message: the same as over REST. */
final class MetadataMessages {
    private MetadataMessages() {}

    /** @param versions those that answer */
    static ModelMetadataResponse of(ServedModel model, List<String> versions) {
        ModelMetadataResponse.Builder answer = ModelMetadataResponse.newBuilder()
                .setName(model.name())
                .addAllVersions(versions)
                .setPlatform(model.predictor().platform());
        model.engine().ifPresent(engine -> answer.putProperties("engine", engine));
        for (TensorInfo input : TensorInfo.inputs(model)) {
            answer.addInputs(describe(input));
            property(answer, input);
        }
        for (TensorInfo output : TensorInfo.outputs(model)) {
            answer.addOutputs(describe(output));
            property(answer, output);
        }
        return answer.build();
    }

    private static ModelMetadataResponse.TensorMetadata describe(TensorInfo tensor) {
        return ModelMetadataResponse.TensorMetadata.newBuilder()
                .setName(tensor.name())
                .setDatatype(tensor.datatype().name())
                .addAllShape(tensor.shape())
                .build();
    }

    private static void property(ModelMetadataResponse.Builder answer, TensorInfo tensor) {
        if (!tensor.names().isEmpty()) {
            answer.putProperties(tensor.namesKey() + "." + tensor.name(), tensor.namesJson());
        }
    }
}
