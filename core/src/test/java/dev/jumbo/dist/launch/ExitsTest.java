package dev.jumbo.dist.launch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ExitsTest {
    private static final WorkerExit NOTICED =
            new WorkerExit(WorkerExit.PEER_LOST, "rank 1 on b is lost: nothing was heard of it for 22.1 s");
    private static final WorkerExit LOST = new WorkerExit(WorkerExit.LOST, "its Spark executor ended");

    private final Exits exits = new Exits();

    @Test
    void who_noticed_a_silent_rank_names_it_although_its_own_task_ends_behind_it() throws Exception {
        exits.add(0, "a", NOTICED);
        exits.add(0, "a", LOST);

        assertThat(exits.await(2)).map(Exits.Failure::describe).contains(NOTICED.lastError());
    }

    @Test
    void a_rank_that_was_killed_explains_who_noticed_it() throws Exception {
        exits.add(0, "a", NOTICED);
        exits.add(1, "b", new WorkerExit(137, ""));

        assertThat(exits.await(2)).map(Exits.Failure::describe).contains("rank 1 on b: killed by SIGKILL");
    }

    @Test
    void a_rank_that_failed_explains_who_could_not_meet_it() throws Exception {
        exits.add(1, "b", new WorkerExit(WorkerExit.PEER_LOST, "rank 0 on a is lost"));
        exits.add(0, "a", new WorkerExit(1, "no space left on device"));

        assertThat(exits.await(2))
                .map(Exits.Failure::describe)
                .contains("rank 0 on a: exit 1: no space left on device");
    }

    @Test
    void a_rank_that_is_done_stays_done() throws Exception {
        exits.add(0, "a", new WorkerExit(WorkerExit.DONE, ""));
        exits.add(0, "a", LOST);
        exits.add(1, "b", new WorkerExit(WorkerExit.DONE, ""));

        assertThat(exits.await(2)).isEmpty();
    }
}
