package dev.jumbo.train.infer;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which engine answers for a checkpoint: the candidates are prepared, each is asked the {@link Golden} inputs, those that agree with the
 * plain model are measured on this machine, and the fastest is taken. Within a process the same layers get the same engine again without
 * measuring, so a version that follows another computes as it did, and is ready sooner.
 */
public final class Engines {
    private static final Logger LOG = LoggerFactory.getLogger(Engines.class);

    /** The model as it was trained. */
    private static final String PLAIN = "plain";

    private static final int NOTE_LINES = 3;

    private Engines() {}

    /**
     * Prepares and chooses.
     *
     * @throws InputException if an engine is named that cannot be prepared for this network, saying why
     * @throws FailureException if an engine is named that does not agree with the plain model, saying where
     */
    public static ChosenEngine choose(Checkpoint checkpoint, EngineChoice choice) {
        List<EngineProvider> providers = new ArrayList<>();
        ServiceLoader.load(EngineProvider.class, Engines.class.getClassLoader()).forEach(providers::add);
        return choose(checkpoint, choice, providers);
    }

    /** As {@link #choose(Checkpoint, EngineChoice)}. @param others beside libtorch */
    static ChosenEngine choose(Checkpoint checkpoint, EngineChoice choice, List<EngineProvider> others) {
        KnownNetworks.Known known = KnownNetworks.of(checkpoint.description(), choice);
        Engine plain = LibtorchEngine.plain(checkpoint);
        SeededInputs made = SeededInputs.fitting(checkpoint.description(), checkpoint.golden(), plain);
        List<String> said = new ArrayList<>();
        Candidate best = Candidate.of(PLAIN, plain, known, made);
        try {
            Optional<Golden> golden = golden(checkpoint, made, best.steady());
            if (golden.isEmpty()) {
                said.add("no golden inputs can be made for this network, so the plain model answers");
            } else {
                for (EngineProvider provider : providers(choice, known, made, others)) {
                    @Nullable Engine engine = agreeing(provider, checkpoint, golden.get(), choice, said);
                    if (engine != null) {
                        // Two at a time: each holds the weights.
                        best = better(best, Candidate.of(provider.name(), engine, known, made), known, choice, said);
                    }
                }
            }
            if (choice == EngineChoice.ONNXRUNTIME && best.provider().equals(PLAIN)) {
                throw new InputException("serve.engine: onnxruntime cannot answer for this network: "
                        + String.join("; ", said) + "; write auto or libtorch");
            }
            if (made.lengths().get(0).length == 0) {
                best.steady().safeSizes(); // looked for now, not while the first batch waits
            }
            String why = known.chose(best.provider(), String.join("; ", said));
            LOG.info("engine {}: {}", best.steady().name(), why.isEmpty() ? "there is no other" : why);
            return new ChosenEngine(best.steady(), why);
        } catch (RuntimeException e) {
            best.steady().close();
            throw e;
        }
    }

    /** The one of two that answers; the other is closed. */
    private static Candidate better(
            Candidate best, Candidate other, KnownNetworks.Known known, EngineChoice choice, List<String> said) {
        boolean takes = choice == EngineChoice.ONNXRUNTIME || other.provider().equals(known.chosen());
        if (!takes) {
            try {
                Candidate.measure(List.of(best, other));
            } catch (RuntimeException e) {
                other.steady().close();
                throw e;
            }
            said.add(best.said() + ", " + other.said());
            takes = other.cost() < best.cost();
        }
        (takes ? best : other).steady().close();
        return takes ? other : best;
    }

    private static Optional<Golden> golden(Checkpoint checkpoint, SeededInputs made, Engine plain) {
        try {
            return Optional.of(Golden.of(checkpoint.golden(), made, plain)).filter(Golden::isFinite);
        } catch (RuntimeException e) {
            LOG.debug("golden inputs made from a seed are refused", e);
            return Optional.empty();
        }
    }

    /** Those that may answer: where it is known which is the fastest, that one alone. */
    private static List<EngineProvider> providers(
            EngineChoice choice, KnownNetworks.Known known, SeededInputs made, List<EngineProvider> others) {
        List<EngineProvider> all = new ArrayList<>(List.of(new PackedNetworks(made, known.kernels())));
        all.addAll(others);
        String before = known.chosen();
        all.removeIf(provider -> before != null && !provider.name().equals(before));
        if (choice != EngineChoice.AUTO) {
            all.removeIf(provider -> !provider.name().equals(choice.name().toLowerCase(Locale.ROOT)));
        }
        return all;
    }

    /** The engine if it agrees with the plain model; null with the reason among those refused if not. */
    private static @Nullable Engine agreeing(
            EngineProvider provider, Checkpoint checkpoint, Golden golden, EngineChoice choice, List<String> refused) {
        EngineProvider.Preparation prepared = provider.prepare(checkpoint);
        Engine engine = prepared.engine();
        if (!prepared.note().isEmpty()) {
            refused.add(provider.name() + ": " + line(prepared.note()));
        }
        if (engine == null) {
            return null;
        }
        Optional<String> wrong = golden.disagreement(engine);
        if (wrong.isEmpty()) {
            return engine;
        }
        engine.close();
        String said =
                "the engine " + engine.name() + " disagrees with the model that it was prepared from: " + wrong.get();
        if (choice == EngineChoice.ONNXRUNTIME) {
            throw new FailureException(said + "; write serve.engine: libtorch");
        }
        LOG.warn("{}; it does not answer", said);
        refused.add(said);
        return null;
    }

    /** In one line that can be read. */
    private static String line(String note) {
        List<String> lines = note.lines().map(String::strip).toList();
        int shown = Math.min(lines.size(), NOTE_LINES);
        String said = String.join("; ", lines.subList(0, shown));
        return shown < lines.size() ? said + "; and " + (lines.size() - shown) + " more" : said;
    }
}
