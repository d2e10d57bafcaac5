package dev.jumbo.cli;

import dev.jumbo.error.InputException;
import dev.jumbo.train.TrainConfig.Precision;
import dev.jumbo.train.plan.PlanConfig;
import dev.jumbo.train.plan.Planner;
import dev.jumbo.train.plan.device.Devices;
import dev.jumbo.train.plan.machine.Bf16;
import dev.jumbo.train.plan.work.Workload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jumbo plan}: how long a training will take and what it will need, before a byte is allocated. */
@Command(name = "plan", description = "Tell how long a training will take and what it will need.")
final class Plan extends Verb {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "FILE|RUN",
            description = "A configuration in YAML, or the directory of a run.")
    private @Nullable Path file;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A value over the file's. May be repeated.")
    private List<String> settings = List.of();

    @Option(names = "--workers", paramLabel = "N", description = "The same as --set plan.workers=N.")
    private @Nullable Integer workers;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            description = "A device of the table, or \"this machine\"; the same as --set plan.device=NAME.")
    private @Nullable String device;

    @Option(names = "--price", paramLabel = "X", description = "Price of a device for an hour, to see costs.")
    private @Nullable Double price;

    @Option(names = "--devices", paramLabel = "FILE", description = "More devices, in YAML.")
    private @Nullable Path devices;

    @Option(names = "--list-devices", description = "Show the devices that are known by name.")
    private boolean list;

    @Option(names = "--calibrate", description = "Measure this machine again; with or without a FILE.")
    private boolean calibrate;

    @Option(names = "--json", description = "Print the plan as one JSON object.")
    private boolean json;

    @Override
    void run() {
        Devices known = Devices.load(devices);
        if (list) {
            known.names().forEach(out()::println);
            return;
        }
        if (calibrate) {
            say("kept in " + Calibrations.renew(false, this::say));
            Bf16 low = Bf16.here();
            say("precision auto is " + low);
            if (low.isHopeless()) {
                say("bf16 is not measured further: nobody would train with it here");
            } else {
                say("kept in " + Calibrations.renew(true, this::say));
            }
            if (file == null) {
                return;
            }
        }
        if (file == null) {
            throw new InputException("expected a configuration, received none, as in: jumbo plan digits.yaml");
        }
        Path configuration = RunFolder.isRun(file) ? file.resolve(RunFolder.CONFIGURATION) : file;
        PlanFile read = RunConfig.readPlan(configuration, overrides());
        Workload workload = settled(PlannedData.workload(read), read.plan());
        dev.jumbo.train.plan.Plan plan = plan(workload, read.plan(), known);
        if (json) {
            print(PlanReport.json(plan));
        } else {
            out().print(PlanReport.text(plan, workload, read.plan()));
        }
    }

    /** On this machine, auto is what was measured; elsewhere, devices that are bought for training have bf16. */
    private Workload settled(Workload workload, PlanConfig config) {
        if (workload.config().precision() != Precision.AUTO) {
            return workload;
        }
        boolean low = !Devices.isThisMachine(config.device()) || Bf16.here().isFaster();
        if (Devices.isThisMachine(config.device())) {
            say("precision: auto is " + Bf16.here());
        }
        return workload.with(workload.config().with(low ? Precision.BF16 : Precision.FP32));
    }

    private List<String> overrides() {
        List<String> all = new ArrayList<>(settings);
        add(all, "workers", workers);
        add(all, "device", device);
        add(all, "price_per_hour", price);
        return all;
    }

    private static void add(List<String> all, String key, @Nullable Object value) {
        if (value != null) {
            all.add("plan." + key + "=" + value);
        }
    }

    private dev.jumbo.train.plan.Plan plan(Workload workload, PlanConfig config, Devices known) {
        return Devices.isThisMachine(config.device())
                ? Planner.plan(workload, config, Calibrations.get(workload.isLowPrecision(), this::say))
                : Planner.plan(workload, config, known.named(config.device()));
    }
}
