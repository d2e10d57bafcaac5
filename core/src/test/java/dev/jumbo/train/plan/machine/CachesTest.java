package dev.jumbo.train.plan.machine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CachesTest {
    @Test
    void sizes_are_read_as_linux_writes_them() {
        assertThat(Caches.bytes("32768K\n")).isEqualTo(32L << 20);
        assertThat(Caches.bytes("48K")).isEqualTo(48L << 10);
        assertThat(Caches.bytes("2M")).isEqualTo(2L << 20);
        assertThat(Caches.bytes("512")).isEqualTo(512);
        assertThat(Caches.bytes("")).isZero();
        assertThat(Caches.bytes("many")).isZero();
    }

    @Test
    void there_is_always_a_largest_one() {
        assertThat(Caches.largest()).isBetween(1L << 16, 1L << 34);
    }
}
