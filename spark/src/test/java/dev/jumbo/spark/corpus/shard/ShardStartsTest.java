package dev.jumbo.spark.corpus.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ShardStartsTest {
    private static final long LIMIT = 1000;

    /** The sums of the shards of documents in order, without shards that have none. */
    private static List<Long> shards(long... sizes) {
        List<ShardStarts.LongDocument> others = new ArrayList<>();
        long total = 0;
        long longest = 0;
        for (long size : sizes) {
            if (size > ShardStarts.common(LIMIT)) {
                others.add(new ShardStarts.LongDocument(total, size));
            } else {
                longest = Math.max(longest, size);
            }
            total += size;
        }
        ShardStarts starts = ShardStarts.of(total, longest, others, LIMIT);
        long[] sums = new long[starts.starts().length];
        long before = 0;
        for (long size : sizes) {
            sums[starts.shard(before)] += size;
            before += size;
        }
        return Arrays.stream(sums).filter(sum -> sum > 0).boxed().toList();
    }

    @Test
    void one_long_document_does_not_make_the_other_shards_small() {
        long[] sizes = new long[4000];
        Arrays.fill(sizes, 10);
        sizes[777] = LIMIT;
        assertThat(shards(sizes))
                .hasSizeLessThanOrEqualTo(42)
                .filteredOn(sum -> sum < 900)
                .hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void no_shard_is_over_the_limit_and_two_that_follow_each_other_are_more_than_half_of_it() {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 3000; i++) {
            long common = 1 + random.nextLong(250);
            int rare = 1 + random.nextInt(30);
            long[] sizes = random.longs(1 + random.nextInt(200), 1, common + 1)
                    .map(size -> random.nextInt(rare) == 0 ? 251 + random.nextLong(LIMIT - 250) : size)
                    .toArray();
            List<Long> sums = shards(sizes);
            assertThat(sums).as("%s", Arrays.toString(sizes)).allMatch(sum -> sum <= LIMIT);
            assertThat(sums.stream().mapToLong(Long::longValue).sum())
                    .isEqualTo(Arrays.stream(sizes).sum());
            for (int s = 0; s + 2 < sums.size(); s++) {
                assertThat(sums.get(s) + sums.get(s + 1))
                        .as("%s", Arrays.toString(sizes))
                        .isGreaterThan(LIMIT / 2);
            }
        }
    }

    @Test
    void documents_that_fill_a_shard_have_one_each() {
        assertThat(shards(LIMIT, LIMIT, LIMIT)).containsExactly(LIMIT, LIMIT, LIMIT);
        assertThat(shards(500, 500, 600, 400, 1)).containsExactly(1000L, 1000L, 1L);
        assertThat(shards(7)).containsExactly(7L);
    }
}
