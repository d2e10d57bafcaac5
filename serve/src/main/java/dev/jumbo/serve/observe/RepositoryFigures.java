package dev.jumbo.serve.observe;

import dev.jumbo.serve.repository.ModelControl;
import dev.jumbo.serve.repository.ModelFigures;
import dev.jumbo.serve.repository.canary.CanaryTrial;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Loads and canaries of a repository, asked for with every scrape. Loads, failures, roll-backs and promotions are counted since the server
 * was started; the figures of a canary since its trial began, so they are gauges, and gone when it is over.
 *
 * @param control of the models, of which the first {@value #MODELS} are told
 */
record RepositoryFigures(ModelControl control) implements MultiCollector {
    private static final int MODELS = 256;

    @Override
    public MetricSnapshots collect() {
        List<ModelFigures> all = control.figures().stream().limit(MODELS).toList();
        List<MetricSnapshot> told = new ArrayList<>();
        told.add(gauge("jumbo_model_versions_ready", "versions that answer", all, ModelFigures::ready));
        told.add(counter("jumbo_model_loads", "loads of versions that ended well", all, ModelFigures::loaded));
        told.add(counter("jumbo_model_load_failures", "loads of versions that did not", all, ModelFigures::failed));
        told.add(counter("jumbo_canary_rollbacks", "canaries taken out of service", all, ModelFigures::rolledBack));
        told.add(counter("jumbo_canary_promotions", "canaries that took over", all, ModelFigures::promoted));
        List<ModelFigures.Canary> canaries = new ArrayList<>();
        List<Labels> labels = new ArrayList<>();
        for (ModelFigures each : all) {
            ModelFigures.Canary canary = each.canary();
            if (canary != null) {
                canaries.add(canary);
                labels.add(Labels.of("model", each.model(), "version", canary.version()));
            }
        }
        told.add(canary("jumbo_canary_weight", "share of the requests", canaries, labels, ModelFigures.Canary::weight));
        told.add(sides(
                "requests",
                canaries,
                labels,
                CanaryTrial.Figures::canaryRequests,
                CanaryTrial.Figures::stableRequests));
        told.add(sides(
                "errors", canaries, labels, CanaryTrial.Figures::canaryErrors, CanaryTrial.Figures::stableErrors));
        told.add(sides(
                "p99_seconds",
                canaries,
                labels,
                CanaryTrial.Figures::canaryP99Seconds,
                CanaryTrial.Figures::stableP99Seconds));
        told.add(canary(
                "jumbo_canary_compared",
                "answers compared with the stable version's",
                canaries,
                labels,
                each -> each.figures().compared()));
        told.add(canary(
                "jumbo_canary_disagreed",
                "answers that differ from the stable version's",
                canaries,
                labels,
                each -> each.figures().disagreed()));
        return new MetricSnapshots(told);
    }

    private static CounterSnapshot counter(
            String name, String help, List<ModelFigures> all, ToDoubleFunction<ModelFigures> value) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
        for (ModelFigures each : all) {
            counter.dataPoint(CounterDataPointSnapshot.builder()
                    .labels(Labels.of("model", each.model()))
                    .value(value.applyAsDouble(each))
                    .build());
        }
        return counter.build();
    }

    private static GaugeSnapshot gauge(
            String name, String help, List<ModelFigures> all, ToDoubleFunction<ModelFigures> value) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        for (ModelFigures each : all) {
            gauge.dataPoint(point(Labels.of("model", each.model()), value.applyAsDouble(each)));
        }
        return gauge.build();
    }

    private static GaugeSnapshot canary(
            String name,
            String help,
            List<ModelFigures.Canary> canaries,
            List<Labels> labels,
            ToDoubleFunction<ModelFigures.Canary> value) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        for (int i = 0; i < canaries.size(); i++) {
            gauge.dataPoint(point(labels.get(i), value.applyAsDouble(canaries.get(i))));
        }
        return gauge.build();
    }

    /** A figure of the canary, and of the stable version beside it: the label {@code side}. */
    private static GaugeSnapshot sides(
            String what,
            List<ModelFigures.Canary> canaries,
            List<Labels> labels,
            ToDoubleFunction<CanaryTrial.Figures> canary,
            ToDoubleFunction<CanaryTrial.Figures> stable) {
        GaugeSnapshot.Builder gauge =
                GaugeSnapshot.builder().name("jumbo_canary_" + what).help(what + " since the trial began");
        for (int i = 0; i < canaries.size(); i++) {
            CanaryTrial.Figures figures = canaries.get(i).figures();
            gauge.dataPoint(point(labels.get(i).add("side", "canary"), canary.applyAsDouble(figures)));
            gauge.dataPoint(point(labels.get(i).add("side", "stable"), stable.applyAsDouble(figures)));
        }
        return gauge.build();
    }

    private static GaugeDataPointSnapshot point(Labels labels, double value) {
        return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
    }
}
