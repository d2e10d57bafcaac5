package dev.jumbo.train.plan.step;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TrafficTest {
    @Test
    void a_ring_sends_what_the_formula_says() {
        assertThat(Traffic.allReduce(1e9, 4)).isEqualTo(new Traffic(1.5e9, 6));
        assertThat(Traffic.half(1e9, 4).times(2)).isEqualTo(Traffic.allReduce(1e9, 4));
    }
}
