package dev.jumbo.data.stream;

import dev.jumbo.data.Example;
import dev.jumbo.data.ExampleStream;
import dev.jumbo.data.SampleOrder;
import dev.jumbo.tensor.RandomState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The examples of a stream, pass after pass, each in shuffled blocks. */
final class Passes implements ExampleStream.Flow {
    private static final Logger LOG = LoggerFactory.getLogger(Passes.class);

    private final StreamDataset stream;
    private final @Nullable RandomState seed;
    private long pass;
    /** Examples of the pass before the block. */
    private long before;

    private List<Example> block = List.of();
    private int[] order = new int[0];
    private int next;
    private StreamDataset.@Nullable Reader reader;

    /** From a place on. Where a pass ends before it and was not read yet, it is read through once, as how long it is is not known. */
    Passes(StreamDataset stream, @Nullable RandomState seed, long place) {
        this.stream = stream;
        this.seed = seed;
        try {
            long within = place;
            if (stream.pass() < 0 && place > 0 && !reaches(place - 1)) {
                stream.ended(count());
            }
            if (stream.pass() > 0) {
                pass = place / stream.pass();
                within = place % stream.pass();
            }
            before = within - within % stream.buffer();
            read();
            next = (int) (within - before);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private boolean reaches(long example) {
        try (StreamDataset.Reader there = stream.source().from(example)) {
            return there.next() != null;
        }
    }

    private long count() {
        LOG.info("reading the stream through once, to find the place of a resume");
        long examples = 0;
        try (StreamDataset.Reader all = stream.source().from(0)) {
            while (all.next() != null) {
                examples++;
            }
        }
        return examples;
    }

    /** The block at {@link #before}, of which none is left at the end of a pass. */
    private void read() {
        if (reader == null) {
            reader = stream.source().from(before);
        }
        List<Example> read = new ArrayList<>();
        for (Example example = reader.next(); example != null; example = reader.next()) {
            read.add(example);
            if (read.size() == stream.buffer()) {
                break;
            }
        }
        block = read;
        order = SampleOrder.sequential(read.size());
        if (seed != null) {
            SampleOrder.shuffle(
                    order, seed.derive("stream").derive(pass).derive(before).generator());
        }
        next = 0;
    }

    @Override
    public Example next() {
        while (next >= block.size()) {
            boolean ended = block.size() < stream.buffer();
            before += block.size();
            if (!ended) {
                read();
                ended = block.isEmpty();
            }
            if (ended) {
                stream.ended(before);
                close();
                pass++;
                before = 0;
                read();
            }
        }
        return block.get(order[next++]);
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }
}
