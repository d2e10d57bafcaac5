package dev.jumbo.data.packing;

import dev.jumbo.data.Example;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.Transform;
import dev.jumbo.data.stream.StreamDataset;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Spec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Documents that are read, and packed, while a model trains: the same blocks as {@link WrappedDocuments} of them, or one after the other. */
public final class StreamedDocuments {
    private StreamedDocuments() {}

    /**
     * A stream.
     *
     * @param pass opens a flow of all documents, the same each time
     * @param packing {@link DocumentPacking#WRAPPED} or {@link DocumentPacking#NONE}
     * @param madeBy what made the ids, such as a tokenizer
     * @param fingerprint of what the documents are made of
     * @throws InputException for {@link DocumentPacking#BEST_FIT}, which needs to know all documents
     */
    public static StreamDataset of(
            Supplier<DocumentFlow> pass,
            PackedFields fields,
            DocumentPacking packing,
            Map<String, Transform> madeBy,
            String fingerprint) {
        if (packing == DocumentPacking.BEST_FIT) {
            throw new InputException(
                    "packing: expected wrapped or none for a stream, received best_fit, which places the"
                            + " longest of all documents first; read them into memory (stream: false)");
        }
        boolean wrapped = packing == DocumentPacking.WRAPPED;
        List<Field> inputs = wrapped
                ? fields.inputs()
                : List.of(Field.tokens("tokens", fields.vocabulary(), fields.padding(), fields.context()));
        List<Field> targets = wrapped
                ? fields.targets()
                : List.of(new Field("next", Spec.ids(fields.context()).varying(0), new Meaning.ClassId(List.of())));
        StreamDataset.Source source = new StreamDataset.Source() {
            @Override
            public StreamDataset.Reader from(long examples) {
                Reader reader = wrapped ? new Blocks(pass.get(), fields) : new Singles(pass.get(), fields);
                for (long i = 0; i < examples && reader.skip(); i++) {
                    // What is passed over is read again: how long documents are is known from themselves alone.
                }
                return reader;
            }

            @Override
            public String fingerprint() {
                return fingerprint + "[" + fields + ", " + packing + "]";
            }
        };
        return StreamDataset.of(inputs, targets, source).madeBy(madeBy);
    }

    private abstract static class Reader implements StreamDataset.Reader {
        final DocumentFlow flow;

        Reader(DocumentFlow flow) {
            this.flow = flow;
        }

        boolean skip() {
            return next() != null;
        }

        @Override
        public void close() {
            flow.close();
        }
    }

    /** One document is one example. */
    private static final class Singles extends Reader {
        private final int context;

        Singles(DocumentFlow flow, PackedFields fields) {
            super(flow);
            context = fields.context();
        }

        @Override
        public @Nullable Example next() {
            for (DocumentFlow.Ids document = flow.next(); document != null; document = flow.next()) {
                int steps = Math.min(context, document.ids().length - 1);
                if (steps > 0) {
                    long[] tokens = new long[steps];
                    long[] next = new long[steps];
                    for (int i = 0; i < steps; i++) {
                        tokens[i] = document.ids()[i];
                        next[i] = target(document, i + 1);
                    }
                    return new Example(List.of(tokens, next), 1);
                }
            }
            return null;
        }
    }

    private static long target(DocumentFlow.Ids document, int at) {
        boolean[] learned = document.learned();
        return learned == null || learned[at] ? document.ids()[at] : DocumentTokens.IGNORED;
    }

    /** Blocks across the ends of documents. */
    private static final class Blocks extends Reader {
        private final PackedFields fields;
        /** The ids of a block and the one behind it, as inputs and as targets, and the document of each. */
        private final long[] ids;

        private final long[] targets;
        private final long[] documents;
        private int held;
        private long number;
        private DocumentFlow.@Nullable Ids document;
        private int at;

        Blocks(DocumentFlow flow, PackedFields fields) {
            super(flow);
            this.fields = fields;
            ids = new long[fields.context() + 1];
            targets = new long[fields.context() + 1];
            documents = new long[fields.context() + 1];
        }

        private void fill() {
            while (held < ids.length) {
                if (document == null || at == document.ids().length) {
                    document = flow.next();
                    at = 0;
                    number++;
                    if (document == null) {
                        return;
                    }
                    continue;
                }
                int from = held;
                int copied = Math.min(ids.length - held, document.ids().length - at);
                for (int i = 0; i < copied; i++) {
                    ids[from + i] = document.ids()[at + i];
                    targets[from + i] = target(document, at + i);
                }
                Arrays.fill(documents, from, from + copied, number);
                at += copied;
                held += copied;
            }
        }

        @Override
        boolean skip() {
            fill();
            return taken(held - 1) > 0;
        }

        /** The last id is the first of the next block. */
        private int taken(int steps) {
            if (steps > 0) {
                ids[0] = ids[steps];
                targets[0] = targets[steps];
                documents[0] = documents[steps];
                held = 1;
            }
            return steps;
        }

        @Override
        public @Nullable Example next() {
            fill();
            int steps = held - 1;
            if (steps < 1) {
                return null;
            }
            int context = fields.context();
            long[] tokens = Arrays.copyOf(ids, context);
            Arrays.fill(tokens, steps, context, fields.padding());
            long[] next = Arrays.copyOfRange(targets, 1, context + 1);
            Arrays.fill(next, steps, context, DocumentTokens.IGNORED);
            Example example = fields.masks() ? masked(tokens, next, steps) : new Example(List.of(tokens, next), 1);
            taken(steps);
            return example;
        }

        private Example masked(long[] tokens, long[] next, int steps) {
            long[] positions = new long[tokens.length];
            long[] pieces = new long[tokens.length];
            for (int i = 1; i < tokens.length; i++) {
                boolean same = i < steps ? documents[i] == documents[i - 1] : i > steps;
                positions[i] = same ? positions[i - 1] + 1 : 0;
                pieces[i] = same ? pieces[i - 1] : pieces[i - 1] + 1;
            }
            for (int i = 0; i < steps; i++) {
                next[i] = documents[i + 1] == documents[i] ? next[i] : DocumentTokens.IGNORED;
            }
            return new Example(List.of(tokens, positions, pieces, next), 1);
        }
    }
}
