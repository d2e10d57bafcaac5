package dev.jumbo.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.config.Records;
import dev.jumbo.train.plan.Plan;
import dev.jumbo.train.plan.Plan.LayerUse;
import dev.jumbo.train.plan.Plan.Option;
import dev.jumbo.train.plan.PlanConfig;
import dev.jumbo.train.plan.memory.MemoryUse;
import dev.jumbo.train.plan.memory.Sharding;
import dev.jumbo.train.plan.work.Workload;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A plan for people, and for machines. */
final class PlanReport {
    private static final int LAYERS = 8;
    private static final String[] BINARY = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    private static final String[] METRIC = {"", " k", " M", " G", " T", " P", " E", " Z", " Y"};

    private PlanReport() {}

    static JsonNode json(Plan plan) {
        return Records.of().write(Plan.class, plan);
    }

    static String text(Plan plan, Workload workload, PlanConfig config) {
        StringBuilder text = new StringBuilder();
        Double efficiency = plan.efficiency();
        line(
                text,
                "device",
                plan.workers() + " x " + plan.device() + ", " + bytes(plan.memory()) + " each"
                        + (efficiency == null
                                ? ", as measured"
                                : String.format(
                                        Locale.ROOT,
                                        ", at %.0f %% of its peak in %s",
                                        100 * efficiency,
                                        workload.isLowPrecision() ? "bf16" : "fp32")));
        line(
                text,
                "parameters",
                String.format(Locale.ROOT, "%,d trained, %,d other", plan.parameters(), plan.buffers()));
        String tokens = workload.hasTokens()
                ? String.format(
                        Locale.ROOT,
                        " (%s tokens)",
                        scaled((double) workload.examples() * workload.tokens()).strip())
                : "";
        line(
                text,
                "data",
                String.format(
                        Locale.ROOT,
                        "%,d examples%s x %d epoch%s, %,d steps of %,d",
                        workload.examples(),
                        tokens,
                        workload.config().epochs(),
                        plural(workload.config().epochs()),
                        workload.steps(),
                        workload.examplesOfStep()));
        line(
                text,
                "FLOPs",
                scaled(plan.flops().forward()) + "FLOP forward, "
                        + scaled(plan.flops().training()) + "FLOP training for an example; "
                        + scaled(plan.flops().step()) + "FLOP a step");
        Double sixNd = plan.flops().sixNd();
        line(
                text,
                "",
                String.format(Locale.ROOT, "%.3g in all", plan.flops().total())
                        + (sixNd == null ? "" : String.format(Locale.ROOT, "; 6 parameters tokens: %.3g", sixNd)));
        line(
                text,
                "checkpoint",
                bytes(plan.checkpoint().bytes()) + ", " + time(plan.checkpoint().seconds()) + " to write; best every "
                        + time(plan.checkpoint().interval()) + " (a failure every "
                        + time(plan.checkpoint().mtbf()) + ")");
        text.append(System.lineSeparator());
        layers(text, plan.layers());
        options(text, plan.options(), workload);
        scaling(text, plan);
        answer(text, plan, workload, config);
        return text.toString();
    }

    private static void layers(StringBuilder text, List<LayerUse> layers) {
        row(text, "largest layers", "parameters", "FLOPs/example", "kept/example", "time/pass");
        Map<String, List<LayerUse>> alike = layers.stream()
                .collect(Collectors.groupingBy(
                        l -> l.parameters() + " " + l.flops() + " " + l.activations(),
                        LinkedHashMap::new,
                        Collectors.toList()));
        alike.values().stream()
                .sorted(Comparator.comparingDouble((List<LayerUse> same) ->
                                same.size() * same.get(0).seconds())
                        .reversed())
                .limit(LAYERS)
                .forEach(same -> layer(text, same));
        text.append(System.lineSeparator());
    }

    /** Layers of the same size in one line, with what one of them takes. */
    private static void layer(StringBuilder text, List<LayerUse> same) {
        LayerUse l = same.get(0);
        String name = l.path().isEmpty() ? "(the model)" : l.path();
        row(
                text,
                "  " + name + (same.size() == 1 ? "" : " and " + (same.size() - 1) + " alike"),
                String.format(Locale.ROOT, "%,d", l.parameters()),
                scaled(l.flops()),
                bytes(l.activations()),
                time(l.seconds()));
    }

    private static void options(StringBuilder text, List<Option> options, Workload workload) {
        String rate = (workload.hasTokens() ? "tokens" : "examples") + "/s each";
        row(text, "strategy", "accumulation", "memory", "sent/step", "step", rate, "total", priced(options));
        for (Option o : options) {
            row(
                    text,
                    "  " + o.sharding(),
                    o.passes() + (o.microBatches() > 1 ? " x " + o.microBatches() : ""),
                    bytes(o.memory().total()) + (o.fits() ? "" : " !"),
                    bytes(o.sent()),
                    time(o.step()),
                    rate(o, workload),
                    time(o.total()),
                    cost(o.cost()));
        }
        if (options.stream().anyMatch(o -> !o.fits())) {
            text.append("  ! more than a worker has").append(System.lineSeparator());
        }
        text.append(System.lineSeparator());
    }

    private static void scaling(StringBuilder text, Plan plan) {
        if (plan.scaling().size() < 2) {
            return;
        }
        row(text, "workers", "strategy", "memory", "step", "total", priced(plan.scaling()));
        for (Option o : plan.scaling()) {
            row(
                    text,
                    "  " + o.workers() + (o.workers() == plan.recommended() ? " (recommended)" : ""),
                    o.sharding().toString(),
                    bytes(o.memory().total()),
                    time(o.step()),
                    time(o.total()),
                    cost(o.cost()));
        }
        text.append(System.lineSeparator());
    }

    private static void answer(StringBuilder text, Plan plan, Workload workload, PlanConfig config) {
        Optional<Option> best = plan.best();
        if (best.isEmpty()) {
            line(
                    text,
                    "answer",
                    "nothing that Jumbo trains fits, not even one example at a time: take more workers or a device"
                            + " with more memory");
            plan.options().stream()
                    .min(Comparator.comparingDouble(o -> o.memory().total()))
                    .ifPresent(o -> line(
                            text,
                            "least",
                            bytes(o.memory().total()) + " on each of " + o.workers() + " by " + o.sharding()
                                    + ", where a worker has " + bytes(plan.memory())));
            return;
        }
        Option o = best.get();
        MemoryUse memory = o.memory();
        line(
                text,
                "how long",
                time(o.total()) + " by " + o.sharding() + ": "
                        + workload.config().epochs() + " epoch"
                        + plural(workload.config().epochs()) + " of "
                        + time(o.epoch()) + ", steps of " + time(o.step())
                        + (o.waiting() > 0
                                ? String.format(Locale.ROOT, " (%.0f %% waiting)", 100 * o.waiting() / o.step())
                                : ""));
        settings(text, o, workload);
        line(
                text,
                "what it needs",
                bytes(memory.total()) + " on each of " + o.workers() + ": weights " + bytes(memory.weights())
                        + ", gradients " + bytes(memory.gradients()) + ", optimizer " + bytes(memory.optimizer())
                        + ", activations " + bytes(memory.activations()) + ", workspace " + bytes(memory.workspace())
                        + ", process " + bytes(memory.base()));
        line(
                text,
                "",
                String.format(Locale.ROOT, "%,.1f device hours", o.workers() * o.total() / 3600)
                        + (config.pricePerHour() == null
                                ? "; --price X shows costs"
                                : ", cost " + cost(o.cost()) + " at " + config.pricePerHour() + " an hour"));
    }

    /** What has to be set where the file's own settings do not fit. */
    private static void settings(StringBuilder text, Option o, Workload workload) {
        int configured = workload.config().gradientAccumulation();
        List<String> settings = new ArrayList<>();
        if (o.sharding() == Sharding.FULLY_SHARDED_RECOMPUTE
                && !workload.config().recompute()) {
            settings.add("train.recompute=true");
        }
        if (o.passes() != configured) {
            settings.add("train.batch_size=" + (long) workload.config().batchSize() * configured / o.passes());
            settings.add("train.gradient_accumulation=" + o.passes());
        }
        if (o.microBatches() > 1
                && o.microBatches() != workload.config().distributed().microBatches()) {
            settings.add("train.distributed.micro_batches=" + o.microBatches());
        }
        if (!settings.isEmpty()) {
            line(text, "with", String.join(" ", settings));
        }
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "%-14s %s", name, value).stripTrailing())
                .append(System.lineSeparator());
    }

    private static void row(StringBuilder text, String first, String... cells) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-28s", first));
        for (String cell : cells) {
            line.append(String.format(Locale.ROOT, " %14s", cell));
        }
        text.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }

    private static String plural(int n) {
        return n == 1 ? "" : "s";
    }

    private static String priced(List<Option> options) {
        return options.stream().anyMatch(o -> o.cost() != null) ? "cost" : "";
    }

    /** Tokens, or examples where there are none, that one worker learns from in a second. */
    private static String rate(Option o, Workload workload) {
        double each = workload.hasTokens() ? workload.tokens() : 1;
        double rate = each * workload.examplesOfStep() / o.step() / o.workers();
        return String.format(Locale.ROOT, rate < 10 ? "%.2f" : "%,.0f", rate);
    }

    private static String cost(@Nullable Double cost) {
        return cost == null ? "" : String.format(Locale.ROOT, "%,.2f", cost);
    }

    static String bytes(double n) {
        return unit(n, BINARY, " ");
    }

    private static String scaled(double n) {
        return unit(n, METRIC, "") + (n < 1000 ? " " : "");
    }

    /** In decimal units. */
    private static String unit(double n, String[] units, String gap) {
        int unit = 0;
        double rest = n;
        while (rest >= 1000 && unit < units.length - 1) {
            rest /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f" : "%.1f", rest) + gap + units[unit];
    }

    static String time(double seconds) {
        if (seconds < 1e-3) {
            return String.format(Locale.ROOT, "%.0f us", seconds * 1e6);
        }
        if (seconds < 1) {
            return String.format(Locale.ROOT, "%.1f ms", seconds * 1e3);
        }
        if (seconds < 120) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        if (seconds < 7200) {
            return String.format(Locale.ROOT, "%.1f min", seconds / 60);
        }
        return seconds < 172_800
                ? String.format(Locale.ROOT, "%.1f h", seconds / 3600)
                : String.format(Locale.ROOT, "%,.1f days", seconds / 86_400);
    }
}
