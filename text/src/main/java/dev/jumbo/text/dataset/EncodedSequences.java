package dev.jumbo.text.dataset;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Transform;
import dev.jumbo.data.View;
import dev.jumbo.data.sets.RaggedDataset;
import dev.jumbo.error.InputException;
import dev.jumbo.text.Tokenizer;
import dev.jumbo.text.corpus.PairReader;
import dev.jumbo.text.corpus.TextPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pairs of a source and a target as ids. */
record EncodedSequences(
        Tokenizer tokenizer, int longestSource, int longestTarget, boolean truncate, Map<String, Transform> madeBy) {
    private static final Logger LOG = LoggerFactory.getLogger(EncodedSequences.class);

    /** The pairs that are kept, and what was not. */
    private static final class Sequences {
        final List<long[]> sources = new ArrayList<>();
        final List<long[]> targets = new ArrayList<>();
        final List<String> sourceTexts = new ArrayList<>();
        final List<String> targetTexts = new ArrayList<>();
        long longer;
        long halves;
        int longest;
        String firstLonger = "";
        String firstHalf = "";
    }

    /**
     * All pairs of a part.
     *
     * @param what such as {@code seq2seq.train}, for errors
     * @param keepsTexts so that answers can be compared with them: a {@link PairDataset}
     */
    Dataset of(PairReader pairs, String what, boolean keepsTexts) {
        Sequences kept = new Sequences();
        for (TextPair pair = pairs.next(); pair != null; pair = pairs.next()) {
            if (pair.isHalf()) {
                kept.firstHalf = kept.halves++ == 0 ? pair.where() : kept.firstHalf;
            } else {
                add(pair, kept);
                if (keepsTexts) {
                    kept.sourceTexts.add(pair.source());
                    kept.targetTexts.add(pair.target());
                }
            }
        }
        if (kept.longer > 0 && !truncate) {
            throw new InputException(what + ": expected sources of at most " + longestSource
                    + " tokens and targets of at most " + longestTarget + ", received " + kept.longer
                    + " pairs that are longer, the first in " + kept.firstLonger + ", the longest text of "
                    + kept.longest + " tokens; raise max_source_length and max_target_length, or write truncate: true,"
                    + " which cuts their ends off");
        }
        if (kept.sources.isEmpty()) {
            throw new InputException(what + ": expected pairs of texts, received "
                    + (kept.halves == 0
                            ? "none"
                            : kept.halves + " of which one is blank, the first in " + kept.firstHalf));
        }
        if (kept.longer > 0) {
            LOG.warn(
                    "{}: {} pairs are too long and lose their ends, the first in {}",
                    what,
                    kept.longer,
                    kept.firstLonger);
        }
        if (kept.halves > 0) {
            LOG.warn(
                    "{}: left out: {} pairs of which one text is blank, the first in {}",
                    what,
                    kept.halves,
                    kept.firstHalf);
        }
        return dataset(kept);
    }

    private void add(TextPair pair, Sequences kept) {
        int[] source = SourceIds.source(tokenizer, tokenizer.encode(pair.source()));
        int[] target = SourceIds.labels(tokenizer, tokenizer.encode(pair.target()));
        if (source.length > longestSource || target.length > longestTarget) {
            kept.firstLonger = kept.longer++ == 0 ? pair.where() : kept.firstLonger;
            kept.longest = Math.max(kept.longest, Math.max(source.length, target.length));
        }
        kept.sources.add(cut(source, longestSource));
        kept.targets.add(cut(target, longestTarget));
    }

    /** At most so many ids, of which the last one stays the last. */
    private static long[] cut(int[] ids, int most) {
        int[] kept = Arrays.copyOf(ids, Math.min(ids.length, most));
        kept[kept.length - 1] = ids[ids.length - 1];
        return Arrays.stream(kept).asLongStream().toArray();
    }

    private Dataset dataset(Sequences kept) {
        int padding = Objects.requireNonNullElse(tokenizer.padding(), tokenizer.endOfDocument());
        Dataset made = RaggedDataset.of(
                Field.tokens("source", tokenizer.vocabularySize(), padding, longestSource),
                kept.sources.toArray(long[][]::new),
                Field.classIds("target", longestTarget),
                kept.targets.toArray(long[][]::new));
        return kept.sourceTexts.isEmpty()
                ? madeBy(made)
                : new PairDataset(made, madeBy, kept.sourceTexts, kept.targetTexts);
    }

    private Dataset madeBy(Dataset made) {
        Map<String, Transform> makers = madeBy;
        return new View(made) {
            @Override
            public Map<String, Transform> madeBy() {
                return makers;
            }
        };
    }
}
