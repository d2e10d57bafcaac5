package dev.jumbo.serve.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FairQueueTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private record Item(String name, Terms terms, long since, int size) implements FairQueue.Waiting {}

    private static Item item(String name, String caller, Priority priority, long since) {
        return new Item(name, new Terms(caller, Long.MAX_VALUE, () -> false).withPriority(priority), since, 1);
    }

    private static List<String> drain(FairQueue<Item> queue, long now) {
        List<String> names = new ArrayList<>();
        for (Item next = queue.poll(now); next != null; next = queue.poll(now)) {
            names.add(next.name);
        }
        return names;
    }

    @Test
    void callers_take_turns_and_each_is_answered_in_its_own_order() {
        FairQueue<Item> queue = new FairQueue<>(SECOND);
        for (int i = 0; i < 4; i++) {
            queue.add(item("a" + i, "a", Priority.NORMAL, i));
        }
        queue.add(item("b0", "b", Priority.NORMAL, 10));
        queue.add(item("b1", "b", Priority.NORMAL, 11));
        assertThat(drain(queue, 20)).containsExactly("a0", "b0", "a1", "b1", "a2", "a3");
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void the_more_urgent_go_first_and_every_fourth_turn_is_for_those_who_have_waited_long() {
        FairQueue<Item> queue = new FairQueue<>(SECOND);
        queue.add(item("low", "a", Priority.LOW, 0));
        queue.add(item("low", "a", Priority.LOW, 0));
        for (int i = 0; i < 8; i++) {
            queue.add(item("high" + i, "b", Priority.HIGH, 0));
        }
        assertThat(List.of(queue.poll(SECOND), queue.poll(SECOND), queue.poll(SECOND), queue.poll(SECOND)))
                .as("1 s is not long for two steps")
                .extracting(Item::name)
                .containsExactly("high0", "high1", "high2", "high3");
        assertThat(drain(queue, 3 * SECOND)).containsExactly("low", "high4", "high5", "high6", "low", "high7");
    }

    @Test
    void what_is_taken_out_is_no_longer_counted() {
        FairQueue<Item> queue = new FairQueue<>(SECOND);
        queue.add(new Item("large", new Terms("a", 0, () -> false), 0, 100));
        queue.add(item("small", "b", Priority.LOW, 0));
        assertThat(queue.size()).isEqualTo(101);
        assertThat(queue.sizeUpTo(Priority.NORMAL)).isEqualTo(100);
        assertThat(queue.removeIf(item -> item.size == 100)).hasSize(1);
        assertThat(queue.size()).isEqualTo(1);
        assertThat(queue.callers()).isEqualTo(1);
        assertThat(drain(queue, 0)).containsExactly("small");
    }

    @Test
    void the_greediest_gives_up_its_youngest_and_never_one_that_is_more_urgent() {
        FairQueue<Item> queue = new FairQueue<>(SECOND);
        queue.add(item("a0", "a", Priority.NORMAL, 0));
        queue.add(item("b0", "b", Priority.NORMAL, 1));
        queue.add(item("a1", "a", Priority.NORMAL, 2));
        assertThat(queue.ofTheGreediest(Priority.NORMAL)).extracting(Item::name).isEqualTo("a1");
        assertThat(queue.ofTheGreediest(Priority.LOW)).isNull();
    }
}
