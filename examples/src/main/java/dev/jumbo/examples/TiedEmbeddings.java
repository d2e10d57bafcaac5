package dev.jumbo.examples;

import static dev.jumbo.nn.layers.Layers.decoderBlock;
import static dev.jumbo.nn.layers.Layers.embedding;
import static dev.jumbo.nn.layers.Layers.layerNorm;
import static dev.jumbo.nn.layers.Layers.positionalEmbedding;
import static dev.jumbo.train.optim.Optimizers.adam;

import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Field;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.TiedDense;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.Evaluator;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.callbacks.ProgressLog;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A language model of characters whose head reads the embedding's own matrix (Press, Wolf, 2017): saved once, counted once, its
 * gradient the sum of both uses.
 *
 * <p>Usage: {@code TiedEmbeddings TEXT_FILE [RUN_DIR] [CHARACTERS] [EPOCHS]}
 */
public final class TiedEmbeddings {
    private static final int CONTEXT = 64;
    private static final int WIDTH = 64;

    private TiedEmbeddings() {}

    public static void main(String[] args) throws IOException {
        Path run = Path.of(args.length > 1 ? args[1] : "runs/tied-embeddings");
        int characters = args.length > 2 ? Integer.parseInt(args[2]) : 200_000;
        int epochs = args.length > 3 ? Integer.parseInt(args[3]) : 3;
        int[] text = Files.readString(Path.of(args[0]))
                .codePoints()
                .limit(characters)
                .toArray();
        int[] vocabulary = Arrays.stream(text).distinct().sorted().toArray();

        Sequential model = Sequential.of(
                embedding(vocabulary.length, WIDTH),
                positionalEmbedding(CONTEXT),
                decoderBlock(4, 4 * WIDTH, 0),
                decoderBlock(4, 4 * WIDTH, 0),
                layerNorm(),
                new TiedDense(vocabulary.length, "layers.0.weight"));
        int held = text.length / 10;
        Checkpoint best = Trainer.of(model)
                .optimizer(adam(2e-3))
                .epochs(epochs)
                .batchSize(32)
                .seed(1)
                .saveTo(run)
                .callback(ProgressLog.create())
                .build()
                .fit(
                        windows(Arrays.copyOf(text, text.length - held), vocabulary),
                        windows(Arrays.copyOfRange(text, text.length - held, text.length), vocabulary));
        ArrayDataset last = windows(Arrays.copyOfRange(text, text.length - held, text.length), vocabulary);
        double nats = Objects.requireNonNull(Evaluator.evaluate(best, last).get("loss"));
        try (Model trained = best.load()) {
            System.out.println("parameters=" + trained.store().values().elements() + ", saved "
                    + best.weightsFile().names().size() + " tensors");
        }
        System.out.println("bits per character=" + nats / Math.log(2) + ", of "
                + Math.log(vocabulary.length) / Math.log(2) + " for a guess");
    }

    /** Windows of characters, each with those that follow. */
    private static ArrayDataset windows(int[] text, int[] vocabulary) {
        int count = (text.length - 1) / CONTEXT;
        long[] given = new long[count * CONTEXT];
        long[] next = new long[count * CONTEXT];
        for (int i = 0; i < given.length; i++) {
            given[i] = Arrays.binarySearch(vocabulary, text[i]);
            next[i] = Arrays.binarySearch(vocabulary, text[i + 1]);
        }
        return ArrayDataset.of(
                List.of(ArrayDataset.column(Field.ids("characters", Shape.of(CONTEXT)), given)),
                List.of(ArrayDataset.column(Field.ids("next", Shape.of(CONTEXT)), next)));
    }
}
