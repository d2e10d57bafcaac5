package dev.jumbo.dist;

import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Worlds whose ranks are threads of this process: sums go in the order of the ranks, and nothing leaves memory. */
public final class ThreadWorlds {
    private static final int SECONDS = 60;

    private final int size;
    private final CyclicBarrier barrier;
    private final AtomicReferenceArray<Object> slots;
    private final ConcurrentHashMap<String, BlockingQueue<float[]>> mail = new ConcurrentHashMap<>();

    private ThreadWorlds(int size) {
        this.size = size;
        barrier = new CyclicBarrier(size);
        slots = new AtomicReferenceArray<>(size);
    }

    /** What a rank does. */
    @FunctionalInterface
    public interface Rank<T> {
        T run(World world) throws Exception;
    }

    /** Runs the same on every rank. @return what each gave, in the order of the ranks; the first failure is thrown */
    public static <T> List<T> run(int size, Rank<T> rank) {
        ThreadWorlds worlds = new ThreadWorlds(size);
        ExecutorService threads = Executors.newFixedThreadPool(size);
        try {
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                World world = worlds.new Member(i);
                running.add(threads.submit(() -> rank.run(world)));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> each : running) {
                results.add(each.get(SECONDS, TimeUnit.SECONDS));
            }
            return results;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        } finally {
            threads.shutdownNow();
        }
    }

    private final class Member implements World {
        private final int rank;

        Member(int rank) {
            this.rank = rank;
        }

        @Override
        public int rank() {
            return rank;
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public Work allReduceSum(Tensor tensor) {
            try (Scope scope = Scope.open();
                    Autograd off = Autograd.noGrad()) {
                slots.set(rank, tensor);
                barrier();
                Tensor sum = slot(0).copy();
                for (int i = 1; i < size; i++) {
                    sum.add_(slot(i));
                }
                barrier();
                tensor.copy_(sum);
                barrier();
            }
            return Work.DONE;
        }

        @Override
        public Work allGather(Tensor flat) {
            if (flat.elements() % size != 0) {
                throw new AssertionError(flat.elements() + " elements are no equal parts for " + size + " ranks");
            }
            long part = flat.elements() / size;
            for (int from = 0; from < size; from++) {
                try (Scope scope = Scope.open()) {
                    broadcast(flat.narrow(0, from * part, part), from);
                }
            }
            return Work.DONE;
        }

        @Override
        public void broadcast(Tensor tensor, int from) {
            try (Autograd off = Autograd.noGrad()) {
                slots.set(rank, tensor);
                barrier();
                if (rank != from) {
                    tensor.copy_(slot(from));
                }
                barrier();
            }
        }

        @Override
        public Work send(Tensor tensor, int to, int tag) {
            box(rank, to, tag).add(tensor.toFloats());
            return Work.DONE;
        }

        @Override
        public Work receive(Tensor tensor, int from, int tag) {
            return () -> {
                try {
                    tensor.set_(Objects.requireNonNull(box(from, rank, tag).poll(SECONDS, TimeUnit.SECONDS)));
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            };
        }

        @Override
        public List<String> exchange(String text) {
            slots.set(rank, text);
            barrier();
            List<String> all = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                all.add((String) slots.get(i));
            }
            barrier();
            return all;
        }

        @Override
        public void barrier() {
            try {
                barrier.await(SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                throw new IllegalStateException("another rank has not come here", e);
            }
        }

        @Override
        public void close() {
            // Nothing is open.
        }

        private Tensor slot(int of) {
            return (Tensor) slots.get(of);
        }

        private BlockingQueue<float[]> box(int from, int to, int tag) {
            return mail.computeIfAbsent(from + ">" + to + ":" + tag, key -> new LinkedBlockingQueue<>());
        }
    }
}
