package dev.jumbo.data.sets;

import dev.jumbo.data.Sampler;
import dev.jumbo.tensor.RandomState;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The order of a {@link Mixture}: each dataset's own, in turns by {@link Strides}. */
final class MixedOrder implements Sampler {
    private final List<int[]> members;
    private final double[] shares;
    private final int epoch;
    private final Function<int[], Sampler> among;

    /** @param members the examples of each dataset @param shares of the sum 1 @param epoch examples of one @param among see {@link #among} */
    MixedOrder(List<int[]> members, double[] shares, int epoch, Function<int[], Sampler> among) {
        this.members = members;
        this.shares = shares;
        this.epoch = epoch;
        this.among = among;
    }

    @Override
    public int size() {
        return epoch;
    }

    @Override
    public Sampler among(int[] indices) {
        return among.apply(indices);
    }

    @Override
    public int[] order(@Nullable RandomState seed, int number) {
        Strides strides = new Strides(shares, (long) number * epoch);
        Walk[] walks = new Walk[shares.length];
        for (int set = 0; set < walks.length; set++) {
            walks[set] = new Walk(
                    members.get(set), seed == null ? null : seed.derive("mix").derive(set));
        }
        int[] order = new int[epoch];
        for (int i = 0; i < epoch; i++) {
            int set = strides.draw();
            order[i] = walks[set].example(strides.drawn(set) - 1);
        }
        return order;
    }

    /** A dataset's own way through its examples, one pass after the other. */
    private static final class Walk {
        private final int[] members;
        private final Sampler once;
        private final @Nullable RandomState seed;
        private int pass = -1;
        private int[] order = new int[0];

        Walk(int[] members, @Nullable RandomState seed) {
            this.members = members;
            this.seed = seed;
            once = Sampler.once(members.length);
        }

        int example(long draw) {
            int wanted = Math.toIntExact(draw / members.length);
            if (wanted != pass) {
                pass = wanted;
                order = once.order(seed, pass);
            }
            return members[order[(int) (draw % members.length)]];
        }
    }
}
