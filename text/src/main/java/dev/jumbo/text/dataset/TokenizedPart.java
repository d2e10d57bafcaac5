package dev.jumbo.text.dataset;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Transform;
import dev.jumbo.data.packing.BestFitDocuments;
import dev.jumbo.data.packing.DocumentPacking;
import dev.jumbo.data.packing.DocumentTokens;
import dev.jumbo.data.packing.SingleDocuments;
import dev.jumbo.data.packing.WrappedDocuments;
import dev.jumbo.error.InputException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How documents become examples.
 *
 * @param kind of the dataset, for errors
 * @param context ids of a block or of the longest example
 * @param masks whether documents that share a block are kept apart
 * @param truncate whether a document that is longer than the context loses its end; if not, it is an error
 */
record TokenizedPart(String kind, int context, DocumentPacking packing, boolean masks, boolean truncate) {
    private static final Logger LOG = LoggerFactory.getLogger(TokenizedPart.class);

    TokenizedPart {
        if (context < 1) {
            throw new InputException(kind + ".context: expected 1 token or more, received " + context);
        }
        if (masks && packing == DocumentPacking.NONE) {
            throw new InputException(
                    kind + ".document_masks: expected packing wrapped or best_fit, received none, where"
                            + " no documents share an example; leave document_masks out");
        }
    }

    /** @param what such as the training documents @throws InputException if a document is too long, with how many are */
    Dataset of(DocumentTokens tokens, Map<String, Transform> madeBy, String what) {
        try {
            if (packing == DocumentPacking.WRAPPED) {
                return WrappedDocuments.of(tokens, context, masks, madeBy);
            }
            countLonger(tokens, what);
            return packing == DocumentPacking.BEST_FIT
                    ? BestFitDocuments.of(tokens, context, masks, madeBy)
                    : SingleDocuments.of(tokens, context, madeBy);
        } catch (InputException e) {
            throw new InputException(kind + ": " + what + ": " + e.getMessage(), e);
        }
    }

    private void countLonger(DocumentTokens tokens, String what) {
        long longer = 0;
        long longest = 0;
        long lost = 0;
        for (long document = 0; document < tokens.documents(); document++) {
            long steps = tokens.start(document + 1) - tokens.start(document) - 1;
            if (steps > context) {
                longer++;
                lost += steps - context;
                longest = Math.max(longest, steps);
            }
        }
        if (longer == 0) {
            return;
        }
        if (!truncate) {
            throw new InputException("expected documents of at most " + context + " tokens, received " + longer + " of "
                    + tokens.documents() + " that are longer, the longest of " + longest
                    + "; raise context, write truncate: true, which cuts their ends off, or leave packing at wrapped");
        }
        LOG.warn(
                "{}: {}: {} of {} documents are longer than {} tokens; {} tokens are cut off their ends",
                kind,
                what,
                longer,
                tokens.documents(),
                context,
                lost);
    }
}
