package dev.jumbo.text;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Many texts on several threads, which take the next text as they are done with one. */
final class EncodeAll {
    private EncodeAll() {}

    static List<int[]> of(Tokenizer tokenizer, List<String> texts, int threads) {
        if (threads < 1) {
            throw new InputException("expected at least one thread, received " + threads);
        }
        int[][] made = new int[texts.size()][];
        int used = Math.min(threads, texts.size());
        if (used <= 1) {
            for (int i = 0; i < made.length; i++) {
                made[i] = tokenizer.encode(texts.get(i));
            }
            return List.of(made);
        }
        AtomicInteger next = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(used, task -> {
            Thread thread = new Thread(task, "tokenizer");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < used; t++) {
                running.add(pool.submit(() -> {
                    for (int i = next.getAndIncrement(); i < made.length; i = next.getAndIncrement()) {
                        made[i] = tokenizer.encode(texts.get(i));
                    }
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new FailureException("cannot encode texts: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException("interrupted while texts were encoded", e);
        } finally {
            pool.shutdownNow();
        }
        return List.of(made);
    }
}
