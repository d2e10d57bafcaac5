package dev.jumbo.train.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.dist.Agreement;
import dev.jumbo.dist.ThreadWorlds;
import dev.jumbo.dist.World;
import dev.jumbo.error.FailureException;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class SameParametersTest {
    /** A worker with its own model of the same values; with another last bit of one value where that is asked for. */
    private static String check(World world, int wrongRank) throws Exception {
        try (Model model = Model.build(Layers.dense(3), Shape.of(4), RandomState.of(7))) {
            model.store().prepareTraining(false);
            try (Scope scope = Scope.open();
                    Autograd off = Autograd.noGrad()) {
                float[] values = new float[15];
                for (int i = 0; i < values.length; i++) {
                    values[i] = i / 7f;
                }
                if (world.rank() == wrongRank) {
                    values[5] = Math.nextUp(values[5]);
                }
                model.store().values().set_(values);
                String checksum = SameParameters.require(new Agreement(world, Device.CPU), model.store(), 30);
                ByteBuffer bytes =
                        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(values);
                byte[] expected = MessageDigest.getInstance("SHA-256").digest(bytes.array());
                assertThat(checksum).isEqualTo(HexFormat.of().formatHex(expected));
                return checksum;
            }
        }
    }

    @Test
    void equal_parameters_have_one_checksum_on_all_workers() {
        List<String> checksums = ThreadWorlds.run(3, world -> check(world, -1));
        assertThat(checksums).hasSize(3).containsOnly(checksums.get(0));
    }

    @Test
    void one_other_bit_on_one_worker_ends_all_and_names_it() {
        assertThatThrownBy(() -> ThreadWorlds.run(3, world -> check(world, 2)))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("at step 30, received others on rank [2] than on rank 0");
    }
}
