package dev.jumbo.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.data.Transform;
import dev.jumbo.data.transform.TokenTexts;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.ModelFile;
import dev.jumbo.train.checkpoint.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the data's tokens are those that the weights of {@code init_from} were trained with: another tokenizer of as many fits by its size. */
public final class StartingTokenizer {
    private static final Logger LOG = LoggerFactory.getLogger(StartingTokenizer.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Files that say which token has which id. */
    private static final List<String> VOCABULARIES = List.of(
            "tokenizer.json",
            "tokenizer.model",
            "spiece.model",
            "sentencepiece.bpe.model",
            "vocab.json",
            "vocab.txt",
            "merges.txt",
            ".tiktoken");

    private StartingTokenizer() {}

    /** Says where they are others. */
    static void warn(StartingWeights start, TrainingData data, TrainConfig config) {
        if (start.loaded() == null || config.initFrom() == null) {
            return;
        }
        List<Path> before = new ArrayList<>(start.files().values());
        Path from = Path.of(config.initFrom());
        if (new RunDirectory(from).hasCheckpoint()) {
            ModelFile base = Checkpoint.best(from).description();
            before.addAll(files(Stream.of(base.transforms(), base.madeBy()).flatMap(each -> each.values().stream())));
        }
        List<Path> now =
                files(Stream.of(data.dataset().transforms(), data.dataset().madeBy())
                        .flatMap(each -> each.values().stream()));
        List<String> others = differing(before, now);
        if (!others.isEmpty()) {
            LOG.warn(
                    "init_from: the tokenizer of the data is another one than that of {} ({} differs): its ids stand for other texts"
                            + " than the weights were trained with; take the base's tokenizer, unless they are to be learned anew",
                    from,
                    String.join(", ", others));
        }
    }

    private static List<Path> files(Stream<Transform> transforms) {
        return transforms
                .filter(TokenTexts.Source.class::isInstance)
                .flatMap(transform -> transform.files().stream())
                .toList();
    }

    /**
     * Which of the files that say a vocabulary both have, and with another content; how texts are cut and filled up does not count.
     *
     * @return their names; empty where the tokenizers are one, or cannot be compared
     */
    public static List<String> differing(Collection<Path> some, Collection<Path> others) {
        Map<String, Path> first = vocabularies(some);
        Map<String, Path> second = vocabularies(others);
        List<String> differing = new ArrayList<>();
        for (String name : VOCABULARIES) {
            Path one = first.get(name);
            Path other = second.get(name);
            if (one != null && other != null) {
                if (isSame(one, other)) {
                    return List.of(); // The first of them says it all, and is what is read.
                }
                differing.add(name);
            }
        }
        return differing;
    }

    private static Map<String, Path> vocabularies(Collection<Path> files) {
        Map<String, Path> found = new LinkedHashMap<>();
        for (Path file : files) {
            VOCABULARIES.stream()
                    .filter(name -> file.toString().endsWith(name))
                    .findFirst()
                    .ifPresent(name -> found.put(name, file));
        }
        return found;
    }

    private static boolean isSame(Path one, Path other) {
        try {
            if (Files.mismatch(one, other) < 0) {
                return true;
            }
            return one.toString().endsWith(".json") && Objects.equals(content(one), content(other));
        } catch (IOException e) {
            return true; // One that cannot be read is refused where it is opened.
        }
    }

    private static JsonNode content(Path file) throws IOException {
        JsonNode read = JSON.readTree(file.toFile());
        if (read instanceof ObjectNode tokenizer) {
            tokenizer.remove(List.of("truncation", "padding"));
        }
        return read;
    }
}
