package dev.jumbo.serve.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.jumbo.error.InputException;
import dev.jumbo.serve.wire.Refusal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Wrong tokens, quotas and networks, on a clock of the test's own. */
class LimitsTest {
    private long now = 1;

    @Test
    void wrong_tokens_are_limited_by_address_and_right_ones_from_elsewhere_are_not() throws Exception {
        WrongTokens wrong = new WrongTokens(10, () -> now);
        InetAddress guesser = address("192.0.2.1");
        Caller known = caller("known", Allowance.NONE);
        assertThat(wrong.note(guesser, known)).isZero();
        for (int i = 0; i < 10; i++) {
            assertThat(wrong.note(guesser, null)).as("wrong %s", i).isZero();
        }
        assertThat(wrong.note(guesser, null)).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(7));
        assertThat(wrong.note(guesser, caller("guessed", Allowance.NONE)))
                .as("a right guess looks like a wrong one")
                .isPositive();
        assertThat(wrong.note(guesser, known)).as("was right from there before").isZero();
        assertThat(wrong.note(address("192.0.2.2"), caller("other", Allowance.NONE)))
                .isZero();
        now += Duration.ofSeconds(6).toNanos();
        assertThat(wrong.note(guesser, null)).isZero();
        assertThat(wrong.note(guesser, null)).isPositive();
    }

    @Test
    void addresses_of_one_ipv6_network_count_as_one_and_all_networks_together_have_a_limit() throws Exception {
        WrongTokens wrong = new WrongTokens(5, () -> now);
        for (int i = 0; i < 5; i++) {
            assertThat(wrong.note(address("2001:db8:1:2::" + i), null)).isZero();
        }
        assertThat(wrong.note(address("2001:db8:1:2:3::9"), null)).isPositive();
        for (int i = 0; i < 100; i++) {
            wrong.note(address("2001:db8:2:" + Integer.toHexString(i) + "::1"), null);
        }
        assertThat(wrong.note(address("2001:db8:9:9::1"), null)).isPositive();
        assertThat(wrong.note(address("2001:db8:9:a::1"), caller("right", Allowance.NONE)))
                .isZero();
    }

    @Test
    void a_million_addresses_take_no_more_memory_than_ten_thousand() throws Exception {
        WrongTokens wrong = new WrongTokens(5, () -> now);
        long before = used();
        for (int i = 0; i < 300_000; i++) {
            wrong.note(InetAddress.getByAddress(new byte[] {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i}), null);
        }
        assertThat(used() - before).isLessThan(20_000_000);
        assertThat(wrong.note(address("192.0.2.2"), caller("right", Allowance.NONE)))
                .isZero();
    }

    @Test
    void requests_of_a_second_may_come_at_once_and_then_evenly() {
        Quotas quotas = new Quotas(() -> now);
        Caller caller = caller("a", new Allowance(4, 0, 0));
        for (int i = 0; i < 4; i++) {
            quotas.admit(caller);
        }
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> quotas.admit(caller));
        assertThat(refusal.reason()).isEqualTo(Refusal.Reason.QUOTA);
        assertThat(refusal).hasMessageContaining("4 requests a second");
        assertThat(refusal.retryAfter()).isEqualTo(Duration.ofMillis(250));
        quotas.admit(caller("b", new Allowance(4, 0, 0)));
        now += refusal.retryAfter().toNanos();
        quotas.admit(caller);
        assertThatThrownBy(() -> quotas.admit(caller)).isInstanceOf(Refusal.class);
    }

    @Test
    void requests_in_flight_are_counted_until_they_are_answered() {
        Quotas quotas = new Quotas(() -> now);
        Caller caller = caller("a", new Allowance(0, 0, 2));
        Runnable first = quotas.admit(caller);
        quotas.admit(caller);
        assertThatThrownBy(() -> quotas.admit(caller)).hasMessageContaining("2 requests at once");
        first.run();
        quotas.admit(caller);
    }

    @Test
    void rows_are_counted_and_a_request_of_more_than_a_second_is_not_refused_for_ever() {
        Quotas quotas = new Quotas(() -> now);
        Caller caller = caller("a", new Allowance(0, 100, 0));
        quotas.admit(caller);
        quotas.rows("a", 60);
        assertThatThrownBy(() -> quotas.rows("a", 60)).hasMessageContaining("100 rows a second");
        quotas.rows("a", 40);
        now += Duration.ofSeconds(1).toNanos();
        quotas.rows("a", 300);
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> quotas.rows("a", 1));
        assertThat(refusal.retryAfter()).isBetween(Duration.ofMillis(2000), Duration.ofMillis(2020));
    }

    @Test
    void networks_hold_their_addresses() throws Exception {
        Networks networks = Networks.of(List.of("10.0.0.0/9", "192.0.2.7", "2001:db8::/33"));
        assertThat(networks.contains(address("10.127.255.255"))).isTrue();
        assertThat(networks.contains(address("10.128.0.0"))).isFalse();
        assertThat(networks.contains(address("192.0.2.7"))).isTrue();
        assertThat(networks.contains(address("192.0.2.6"))).isFalse();
        assertThat(networks.contains(address("2001:db8:7fff::1"))).isTrue();
        assertThat(networks.contains(address("2001:db8:8000::1"))).isFalse();
        for (String wrong : List.of("proxy.example.com", "10.0.0.0/33", "10.0.0.0/", "", "10.0.0.0/-1")) {
            assertThatThrownBy(() -> Networks.of(List.of(wrong))).isInstanceOf(InputException.class);
        }
    }

    private static Caller caller(String name, Allowance quota) {
        return new Caller(name, Set.of(TokenScope.INFER), null, quota);
    }

    private static InetAddress address(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
