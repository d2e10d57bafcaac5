package dev.jumbo.text.dataset;

import dev.jumbo.data.Column;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Transform;
import dev.jumbo.data.View;
import dev.jumbo.data.packing.DocumentTokens;
import dev.jumbo.data.sets.RaggedDataset;
import dev.jumbo.error.InputException;
import dev.jumbo.text.Tokenizer;
import dev.jumbo.text.chat.ChatTemplate;
import dev.jumbo.text.chat.LearnedIds;
import dev.jumbo.text.corpus.CorpusRecord;
import dev.jumbo.text.corpus.RecordReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Preference pairs of files as ids.
 *
 * @param marked whether the tokenizer's marks stand before prompts that are texts
 */
record EncodedPairs(
        ChatTemplate template,
        Tokenizer tokenizer,
        boolean marked,
        int context,
        boolean truncate,
        Map<String, Transform> madeBy) {
    private static final Logger LOG = LoggerFactory.getLogger(EncodedPairs.class);

    /** The pairs that are kept, and what was not. */
    private static final class Pairs {
        final List<PreferencePair> kept = new ArrayList<>();
        long longer;
        long left;
        String firstLonger = "";
        String firstLeft = "";
    }

    Dataset of(List<Path> files, String what) {
        Pairs pairs = new Pairs();
        try (RecordReader reader = new RecordReader(files)) {
            for (CorpusRecord record = reader.next(); record != null; record = reader.next()) {
                add(PreferencePair.of(record, template, tokenizer, marked), record, pairs);
            }
        }
        if (pairs.longer > 0 && !truncate) {
            throw new InputException(
                    what + ": expected a prompt and an answer of at most " + context + " tokens, received "
                            + pairs.longer + " pairs that are longer, the first in " + pairs.firstLonger
                            + "; raise context, or write truncate: true, which cuts their ends off");
        }
        if (pairs.longer > 0) {
            LOG.warn("{}: {} pairs are longer than {} tokens and lose their ends", what, pairs.longer, context);
        }
        if (pairs.left > 0) {
            LOG.warn(
                    "{}: left out: {} pairs whose answers begin behind the context of {} tokens, the first in {}",
                    what,
                    pairs.left,
                    context,
                    pairs.firstLeft);
        }
        if (pairs.kept.isEmpty()) {
            throw new InputException(what + ": expected pairs whose answers are within the context of " + context
                    + ", received "
                    + (pairs.left == 0
                            ? "no pairs"
                            : pairs.left + " whose prompts alone are longer, the first in " + pairs.firstLeft
                                    + "; raise context"));
        }
        return dataset(pairs.kept);
    }

    private void add(PreferencePair pair, CorpusRecord record, Pairs pairs) {
        int longest = Math.max(pair.chosen().ids().length, pair.rejected().ids().length);
        if (longest - 1 > context) {
            pairs.firstLonger = pairs.longer++ == 0 ? record.where() : pairs.firstLonger;
        }
        if (pair.chosen().learns(context) && pair.rejected().learns(context)) {
            pairs.kept.add(pair);
        } else {
            pairs.firstLeft = pairs.left++ == 0 ? record.where() : pairs.firstLeft;
        }
    }

    private Dataset dataset(List<PreferencePair> pairs) {
        List<LearnedIds> chosen = pairs.stream().map(PreferencePair::chosen).toList();
        List<LearnedIds> rejected = pairs.stream().map(PreferencePair::rejected).toList();
        RaggedDataset made = RaggedDataset.of(
                List.of(inputs("chosen", chosen), inputs("rejected", rejected)),
                List.of(targets("chosen_next", chosen), targets("rejected_next", rejected)));
        Map<String, Transform> makers = madeBy;
        return new View(made) {
            @Override
            public Map<String, Transform> madeBy() {
                return makers;
            }
        };
    }

    private int steps(LearnedIds of) {
        return Math.min(context, of.ids().length - 1);
    }

    private Column inputs(String name, List<LearnedIds> all) {
        long[][] rows = new long[all.size()][];
        for (int i = 0; i < rows.length; i++) {
            LearnedIds of = all.get(i);
            rows[i] = new long[steps(of)];
            for (int t = 0; t < rows[i].length; t++) {
                rows[i][t] = of.ids()[t];
            }
        }
        Field field = Field.tokens(name, tokenizer.vocabularySize(), tokenizer.endOfDocument(), context);
        return RaggedDataset.column(field, rows);
    }

    private Column targets(String name, List<LearnedIds> all) {
        long[][] rows = new long[all.size()][];
        for (int i = 0; i < rows.length; i++) {
            LearnedIds of = all.get(i);
            rows[i] = new long[steps(of)];
            for (int t = 0; t < rows[i].length; t++) {
                rows[i][t] = of.learned()[t + 1] ? of.ids()[t + 1] : DocumentTokens.IGNORED;
            }
        }
        Field field = Field.classIds(name, context);
        return RaggedDataset.column(field, rows);
    }
}
