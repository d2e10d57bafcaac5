package dev.jumbo.serve.grpc;

import dev.jumbo.serve.grpc.proto.DataType;
import dev.jumbo.serve.grpc.proto.ModelConfig;
import dev.jumbo.serve.grpc.proto.ModelDynamicBatching;
import dev.jumbo.serve.grpc.proto.ModelInstanceGroup;
import dev.jumbo.serve.grpc.proto.ModelParameter;
import dev.jumbo.serve.grpc.proto.ModelQueuePolicy;
import dev.jumbo.serve.grpc.proto.ModelTransactionPolicy;
import dev.jumbo.serve.v2.ModelConfiguration;

/** How a version is served, as a message: the same as over REST. */
final class ConfigMessages {
    private ConfigMessages() {}

    static ModelConfig of(ModelConfiguration config) {
        ModelConfig.Builder message = ModelConfig.newBuilder()
                .setName(config.name())
                .setPlatform(config.platform())
                .setBackend(config.backend())
                .setMaxBatchSize(config.maxBatchSize())
                .setDefaultModelFilename(config.file())
                .setModelTransactionPolicy(ModelTransactionPolicy.getDefaultInstance());
        for (ModelConfiguration.Tensor input : config.inputs()) {
            message.addInputBuilder()
                    .setName(input.name())
                    .setDataType(DataType.valueOf(input.typeName()))
                    .addAllDims(input.dims())
                    .setOptional(input.optional());
        }
        for (ModelConfiguration.Tensor output : config.outputs()) {
            message.addOutputBuilder()
                    .setName(output.name())
                    .setDataType(DataType.valueOf(output.typeName()))
                    .addAllDims(output.dims());
        }
        message.addInstanceGroupBuilder()
                .setName(config.name() + "_0")
                .setKind(ModelInstanceGroup.Kind.KIND_CPU)
                .setCount(config.instances());
        ModelConfiguration.Batching batching = config.batching();
        if (batching != null) {
            message.setDynamicBatching(ModelDynamicBatching.newBuilder()
                    .setMaxQueueDelayMicroseconds(batching.delayMicros())
                    .setPriorityLevels(batching.priorities())
                    .setDefaultPriorityLevel(batching.defaultPriority())
                    .setDefaultQueuePolicy(ModelQueuePolicy.newBuilder()
                            .setTimeoutAction(ModelQueuePolicy.TimeoutAction.REJECT)
                            .setDefaultTimeoutMicroseconds(batching.timeoutMicros())
                            .setAllowTimeoutOverride(true)
                            .setMaxQueueSize(batching.queue())));
        }
        config.parameters()
                .forEach((name, value) -> message.putParameters(
                        name, ModelParameter.newBuilder().setStringValue(value).build()));
        return message.build();
    }
}
