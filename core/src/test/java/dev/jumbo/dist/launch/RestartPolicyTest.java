package dev.jumbo.dist.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import org.junit.jupiter.api.Test;

class RestartPolicyTest {
    @Test
    void starts_again_as_often_as_allowed() {
        RestartPolicy policy = new RestartPolicy(2, 2, 2);

        assertThat(policy.next(true)).hasValue(2);
        assertThat(policy.next(true)).hasValue(2);
        assertThat(policy.next(true)).isEmpty();
        assertThat(policy.restarts()).isEqualTo(2);
    }

    @Test
    void two_starts_without_a_checkpoint_cost_one_worker_each_down_to_the_least() {
        RestartPolicy policy = new RestartPolicy(4, 3, 10);

        assertThat(policy.next(false)).hasValue(4);
        assertThat(policy.next(false)).hasValue(3);
        assertThat(policy.next(false)).hasValue(3);
        assertThat(policy.next(false)).hasValue(3);
        assertThat(policy.workers()).isEqualTo(3);
    }

    @Test
    void a_checkpoint_in_between_keeps_all_workers() {
        RestartPolicy policy = new RestartPolicy(2, 1, 10);

        assertThat(policy.next(false)).hasValue(2);
        assertThat(policy.next(true)).hasValue(2);
        assertThat(policy.next(false)).hasValue(2);
        assertThat(policy.next(false)).hasValue(1);
    }

    @Test
    void more_workers_needed_than_there_are_is_a_mistake() {
        assertThatThrownBy(() -> new RestartPolicy(2, 3, 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("min_workers");
    }
}
