package dev.jumbo.train;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.transform.TokenTexts;
import dev.jumbo.error.InputException;
import dev.jumbo.train.callbacks.Callback;
import dev.jumbo.train.callbacks.EarlyStopping;
import dev.jumbo.train.callbacks.JsonLinesLog;
import dev.jumbo.train.callbacks.NonFiniteGuard;
import dev.jumbo.train.callbacks.ProgressLog;
import dev.jumbo.train.callbacks.Samples;
import dev.jumbo.train.callbacks.TensorBoardLog;
import dev.jumbo.train.checkpoint.TrainerFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** The callbacks of a training under the names by which checkpoints keep their state: those that the settings ask for, then the caller's. */
final class RunCallbacks implements AutoCloseable {
    private final List<Callback> all = new ArrayList<>();
    /** The class and which of its kind: other callbacks may come and go between a run and its resume. */
    private final List<String> names = new ArrayList<>();
    /** As files named them that count batches alone: the class and the place among all. */
    private final List<String> oldNames = new ArrayList<>();

    private final List<Callback> here;

    RunCallbacks(TrainerBuilder.Setup setup, Dataset data) {
        TrainConfig config = setup.config();
        if (config.earlyStopping() != null) {
            all.add(new EarlyStopping(config.earlyStopping()));
        }
        if (config.guard() != null) {
            all.add(new NonFiniteGuard(config.guard()));
        }
        all.add(JsonLinesLog.every(config.logEverySteps()));
        if (config.tensorboard()) {
            all.add(TensorBoardLog.every(Math.max(1, config.logEverySteps())));
        }
        if (config.samples() != null) {
            requireWholeModels(setup);
            if (setup.world().isFirst()) {
                all.add(samples(config.samples(), data));
            }
        }
        all.addAll(setup.callbacks());
        if (setup.callbacks().stream().noneMatch(Callback::showsProgress)) {
            all.add(ProgressLog.create());
        }
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < all.size(); i++) {
            String name = all.get(i).getClass().getSimpleName();
            names.add(name + "." + (counts.merge(name, 1, Integer::sum) - 1));
            oldNames.add(name + "." + i);
        }
        here = all.stream()
                .filter(callback -> setup.world().isFirst() || !callback.onFirstWorkerOnly())
                .toList();
    }

    private static void requireWholeModels(TrainerBuilder.Setup setup) {
        DistributedConfig.Strategy strategy = setup.config().distributed().strategy();
        boolean divided = setup.isPipeline() || strategy == DistributedConfig.Strategy.FULLY_SHARDED;
        if (setup.world().size() > 1 && divided) {
            throw new InputException("samples: expected workers that have the whole model each, received "
                    + strategy.name().toLowerCase(Locale.ROOT) + "; leave samples out");
        }
    }

    private static Samples samples(Samples.Settings settings, Dataset data) {
        TokenTexts texts = TokenTexts.of(data)
                .orElseThrow(() -> new InputException("samples: expected data that says what its ids mean as text:"
                        + " characters, or texts behind a tokenizer; leave samples out"));
        return new Samples(settings, texts);
    }

    void forEach(Consumer<Callback> told) {
        here.forEach(told);
    }

    Map<String, Map<String, Double>> state() {
        Map<String, Map<String, Double>> state = new LinkedHashMap<>();
        here.forEach(callback -> state.put(names.get(all.indexOf(callback)), callback.state()));
        return state;
    }

    void load(TrainerFile where) {
        List<String> saved = where.examples() == null ? oldNames : names;
        here.forEach(callback -> callback.load(where.state().getOrDefault(saved.get(all.indexOf(callback)), Map.of())));
    }

    /** Closes all of them, also behind one that fails. */
    @Override
    public void close() {
        RuntimeException failure = null;
        for (Callback callback : here) {
            try {
                callback.close();
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
