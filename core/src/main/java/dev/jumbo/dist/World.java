package dev.jumbo.dist;

import dev.jumbo.tensor.Tensor;
import java.time.Duration;
import java.util.List;

/**
 * The processes that train one model together, and what they say to each other. Every rank calls the same collectives in
 * the same order. A rank that cannot be reached ends every collective with a {@link dev.jumbo.error.FailureException} that
 * names it; the world is of no use after that, and the process should end, so that all workers start again together.
 */
public interface World extends AutoCloseable {
    /** This process's number, from 0. */
    int rank();

    /** This process's number among those of its machine, from 0. */
    default int localRank() {
        return 0;
    }

    /** Number of processes. */
    int size();

    /** Whether this is the process that writes files and speaks for all. */
    default boolean isFirst() {
        return rank() == 0;
    }

    /**
     * Starts replacing a contiguous tensor, of the same shape on every rank, by its sum over all ranks. Its memory must
     * neither be read nor written, nor freed, before {@link Work#await}.
     */
    Work allReduceSum(Tensor tensor);

    /**
     * Starts filling a flat tensor of {@code size() * k} elements, of which each rank has set the {@code k} from {@code
     * rank() * k} on, with what all others have set.
     */
    Work allGather(Tensor flat);

    /** Replaces a contiguous tensor by that of another rank. */
    void broadcast(Tensor tensor, int from);

    /** Starts sending a contiguous tensor to another rank, which calls {@link #receive} with the same tag. */
    Work send(Tensor tensor, int to, int tag);

    /** Starts overwriting a contiguous tensor by what another rank sends with the same tag. */
    Work receive(Tensor tensor, int from, int tag);

    /** What every rank has to say, in the order of the ranks. For short texts, as at the start. */
    List<String> exchange(String text);

    /**
     * As {@link #exchange(String)}, for the start, when a silent rank is noticed by nothing else: waits for each no longer than
     * the limit. Where ranks cannot be lost there is no need for one.
     */
    default List<String> exchange(String text, Duration limit) {
        return exchange(text);
    }

    /** Waits until every rank has come here. */
    void barrier();

    /** Under which the others reach this process. */
    default String address() {
        return "127.0.0.1";
    }

    /** Tells the others that this rank cannot go on, where they listen for it; {@link #close} alone says that it is done. */
    default void fail(String reason) {
        fail(reason, false);
    }

    /** As {@link #fail(String)}. @param mistake whether it would fail in the same way if all started again */
    default void fail(String reason, boolean mistake) {}

    /** Leaves the world. */
    @Override
    void close();

    /** One process alone: collectives do nothing. */
    static World single() {
        return new SingleWorld();
    }
}
