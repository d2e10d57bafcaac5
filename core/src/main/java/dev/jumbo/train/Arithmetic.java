package dev.jumbo.train;

import dev.jumbo.dist.Agreement;
import dev.jumbo.tensor.Device;
import dev.jumbo.train.TrainConfig.Precision;
import dev.jumbo.train.plan.machine.Bf16;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Settles the precision of a training: {@code auto} becomes what is faster on the machines of all workers. */
final class Arithmetic {
    private static final Logger LOG = LoggerFactory.getLogger(Arithmetic.class);

    private Arithmetic() {}

    static TrainerBuilder.Setup settle(TrainerBuilder.Setup setup) {
        TrainConfig config = setup.config();
        boolean processor = setup.device().type() == Device.Type.CPU;
        if (config.precision() == Precision.BF16 && processor) {
            warn(Bf16.here());
        }
        if (config.precision() != Precision.AUTO) {
            return setup;
        }
        boolean slow = processor && !Bf16.here().isFaster();
        boolean anySlow = new Agreement(setup.world(), setup.device()).any(slow);
        Precision chosen = anySlow ? Precision.FP32 : Precision.BF16;
        LOG.info("precision: auto trains in {}", processor ? Bf16.here() : "bf16");
        return setup.with(config.with(chosen));
    }

    private static void warn(Bf16 here) {
        if (here.speed() < 1) {
            LOG.warn(
                    "precision: bf16 is SLOWER here: {} times the speed of fp32, as this processor has no arithmetic for it;"
                            + " set precision: auto, or fp32",
                    String.format(Locale.ROOT, "%.2f", here.speed()));
        }
    }
}
