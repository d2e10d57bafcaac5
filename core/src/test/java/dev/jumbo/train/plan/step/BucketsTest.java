package dev.jumbo.train.plan.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.train.plan.device.DeviceSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class BucketsTest {
    private static final DeviceSpec.Link LINK = new DeviceSpec.Link(1e8, 1e-3);

    @Test
    void one_bucket_leaves_behind_the_backward_pass() {
        Buckets one = new Buckets(List.of(0.5), List.of(1e7), 0.5);

        // 2 (N - 1) / N S / B + 2 (N - 1) a
        assertThat(one.waiting(LINK, 2, 1)).isCloseTo(0.1 + 0.002, within(1e-9));
    }

    @Test
    void a_slow_link_is_waited_for_from_the_first_bucket_on() {
        Buckets three = new Buckets(List.of(0.1, 0.2, 0.3), List.of(5e7, 5e7, 1e7), 0.3);

        // T = max(T_backward, T_first + T_communication) + T_last, from the end of the backward pass.
        double communication = 2 * 0.502;
        double last = 0.102;
        assertThat(three.waiting(LINK, 2, 1)).isCloseTo(0.1 + communication + last - 0.3, within(1e-9));
    }

    @Test
    void a_fast_link_waits_for_the_last_bucket_only() {
        DeviceSpec.Link fast = new DeviceSpec.Link(1e10, 0);
        Buckets three = new Buckets(List.of(0.1, 0.2, 0.3), List.of(5e7, 5e7, 1e7), 0.3);

        assertThat(three.waiting(fast, 2, 1)).isCloseTo(0.001, within(1e-9));
        assertThat(three.sent(2).bytes()).isEqualTo(1.1e8);
    }

    @Test
    void what_shares_the_cores_hides_less() {
        Buckets three = new Buckets(List.of(0.1, 0.2, 0.3), List.of(5e7, 5e7, 1e7), 0.3);
        DeviceSpec.Link fast = new DeviceSpec.Link(1e10, 0);

        assertThat(three.waiting(fast, 2, 0)).isCloseTo(0.011, within(1e-9));
    }
}
