package dev.jumbo.serve.grpc;

import dev.jumbo.serve.grpc.proto.MemoryUsage;
import dev.jumbo.serve.grpc.proto.ModelStatistics;
import dev.jumbo.serve.grpc.proto.ModelStatisticsResponse;
import dev.jumbo.serve.grpc.proto.StatisticDuration;
import dev.jumbo.serve.observe.VersionCounts;
import dev.jumbo.serve.v2.Statistics;
import java.util.List;

/** What was counted of versions, as messages: the same as over REST. */
final class StatisticsMessages {
    private StatisticsMessages() {}

    static ModelStatisticsResponse of(Statistics statistics, List<VersionCounts> versions) {
        ModelStatisticsResponse.Builder answer = ModelStatisticsResponse.newBuilder();
        for (VersionCounts each : versions) {
            ModelStatistics.Builder model = answer.addModelStatsBuilder()
                    .setName(each.model())
                    .setVersion(each.version())
                    .setLastInference(each.last())
                    .setInferenceCount(each.rows())
                    .setExecutionCount(each.batches());
            model.getInferenceStatsBuilder()
                    .setSuccess(duration(each.success()))
                    .setFail(duration(each.fail()))
                    .setQueue(duration(each.queue()))
                    .setComputeInput(duration(each.input()))
                    .setComputeInfer(duration(each.infer()))
                    .setComputeOutput(duration(each.output()))
                    .setCacheHit(StatisticDuration.getDefaultInstance())
                    .setCacheMiss(StatisticDuration.getDefaultInstance());
            for (VersionCounts.Size size : each.sizes()) {
                model.addBatchStatsBuilder()
                        .setBatchSize(size.rows())
                        .setComputeInput(duration(size.input()))
                        .setComputeInfer(duration(size.infer()))
                        .setComputeOutput(duration(size.output()));
            }
            statistics
                    .memory(each)
                    .ifPresent(bytes -> model.addMemoryUsage(
                            MemoryUsage.newBuilder().setType("CPU").setByteSize(bytes)));
        }
        return answer.build();
    }

    private static StatisticDuration duration(VersionCounts.Sum sum) {
        return StatisticDuration.newBuilder()
                .setCount(sum.count())
                .setNs(sum.nanos())
                .build();
    }
}
