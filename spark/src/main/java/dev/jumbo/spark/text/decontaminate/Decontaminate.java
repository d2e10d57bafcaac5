package dev.jumbo.spark.text.decontaminate;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.spark.text.Document;
import dev.jumbo.spark.text.Outcome;
import dev.jumbo.spark.text.TextStep;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Drops documents that hold pieces of evaluation sets: word n-grams, normalised, as in GPT-3 (Brown et al. 2020, appendix
 * C: 13-grams, lower case, without punctuation; shorter examples of at least 8 words whole).
 *
 * <p>The reason names the set ({@code decontaminate.SET}), the detail the n-gram. The sets are read once in each JVM, so
 * their files must be where the workers run.
 */
@Kind("decontaminate")
public record Decontaminate(
        @Doc("Evaluation sets by name: a text file with an example a line, or JSON lines.")
        Map<String, Path> sets,

        @Doc("Keys of JSON lines that hold text; empty: every text in the line.") @Default("[]")
        List<String> fields,

        @Doc("Words of an n-gram.") @Default("13") int ngram,

        @Doc("Examples with fewer words are not looked for.") @Default("8")
        int shortestExample,

        @Doc("A document is dropped from this number of hits on.") @Default("1")
        int minHits)
        implements TextStep {
    private static final Map<Decontaminate, NgramIndex> LOADED = new ConcurrentHashMap<>();

    public Decontaminate {
        sets = Map.copyOf(sets);
        fields = List.copyOf(fields);
        if (sets.isEmpty() || minHits < 1) {
            throw new InputException("expected at least one evaluation set and min_hits of at least 1, received " + sets
                    + " and " + minHits);
        }
    }

    /** Sets by name with GPT-3's parameters. */
    public static Decontaminate of(Map<String, Path> sets) {
        return new Decontaminate(sets, List.of(), 13, 8, 1);
    }

    /** The n-grams of the sets; read at the first call in a JVM. */
    public NgramIndex index() {
        return LOADED.computeIfAbsent(
                this, step -> EvaluationSets.read(step.sets, step.fields, step.ngram, step.shortestExample));
    }

    @Override
    public Outcome apply(Document document) {
        return index().find(document.normalWords())
                .filter(hit -> hit.hits() >= minHits)
                .map(hit ->
                        Outcome.drop("decontaminate." + hit.set(), hit.hits() + " n-grams, the first: " + hit.ngram()))
                .orElseGet(() -> Outcome.keep(document));
    }
}
