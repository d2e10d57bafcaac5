package dev.jumbo.nn.generate;

import dev.jumbo.tensor.RandomState;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * An answer in the making: each {@link #next} computes one token, greedy or sampled. A token that ends the answer is not given. One thread at a
 * time; close it to free what is kept of the sequence.
 */
public final class Decoding implements Iterator<GeneratedToken>, AutoCloseable {
    private final TokenNetwork network;
    private final GenerationConfig config;
    private final RandomState random;
    private final int[] prompt;
    private final TokenList tokens;
    private TokenNetwork.Session session;
    /** Tokens that the session has not seen. */
    private int unseen;

    private @Nullable GeneratedToken ahead;
    private @Nullable Finish finish;

    /** @param index of several answers to one prompt */
    Decoding(TokenNetwork network, int[] prompt, GenerationConfig config, int index) {
        this.network = network;
        this.config = config;
        this.prompt = prompt;
        // Neither the batch nor the place in it has a part in what is drawn.
        random = RandomState.of(config.sampling().seed()).derive("generate").derive(index);
        int[] start = network.start(prompt);
        tokens = new TokenList(start);
        unseen = start.length;
        session = network.open(prompt);
    }

    @Override
    public boolean hasNext() {
        if (ahead == null && finish == null) {
            ahead = compute();
        }
        return ahead != null;
    }

    @Override
    public GeneratedToken next() {
        if (!hasNext() || ahead == null) {
            throw new NoSuchElementException("expected hasNext() before next(): the answer has ended");
        }
        GeneratedToken token = ahead;
        ahead = null;
        return token;
    }

    private @Nullable GeneratedToken compute() {
        if (tokens.generated() >= config.maxNewTokens()) {
            finish = Finish.LENGTH;
            return null;
        }
        if (session.length() + unseen > network.context() && !roll()) {
            finish = Finish.CONTEXT;
            return null;
        }
        float[] logits = session.next(new int[][] {tokens.newest(unseen)})[0];
        unseen = 0;
        Logits.requireFinite(logits);
        float[] raw = config.logprobs() == null ? logits : logits.clone();
        Logits.penalize(logits, tokens, config);
        int chosen = choose(logits);
        if (config.ends().contains(chosen)) {
            finish = Finish.STOP;
            return null;
        }
        tokens.add(chosen);
        unseen = 1;
        Integer logprobs = config.logprobs();
        return logprobs == null ? GeneratedToken.of(chosen) : Logits.told(chosen, raw, logprobs);
    }

    private int choose(float[] logits) {
        if (config.sampling().isGreedy()) {
            return Logits.argmax(logits);
        }
        Logits.filter(logits, config.sampling());
        return Logits.draw(logits, random.derive(tokens.generated()).generator());
    }

    /** Forgets the older half of a full context. */
    private boolean roll() {
        if (config.atContextEnd() == GenerationConfig.AtContextEnd.STOP || network.context() < 2) {
            return false;
        }
        session.close();
        session = network.open(prompt);
        unseen = Math.min(tokens.size(), network.context() / 2);
        return true;
    }

    /** Why it ended; null while it goes on. */
    public @Nullable Finish finish() {
        return finish;
    }

    /** Ends it. @param why {@link Finish#STOP} where something outside saw its end */
    public void end(Finish why) {
        ahead = null;
        finish = why;
    }

    /** The rest of its tokens, computed as they are read; closing the stream closes this. */
    public Stream<GeneratedToken> stream() {
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED | Spliterator.NONNULL), false)
                .onClose(this::close);
    }

    @Override
    public void close() {
        session.close();
    }
}
