package own;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.config.KindProvider;
import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.data.source.DataSource;
import dev.jumbo.nn.Answer;
import dev.jumbo.nn.Initializer.Fans;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.Target;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Random;

/** A layer, a loss and a dataset in a jar of their own, which files name: see spirals.yaml. */
public final class OwnKinds implements KindProvider {
    @Override
    public Collection<Class<?>> kinds() {
        return List.of(Swish.class, PolyLoss.class, Spirals.class);
    }

    /** {@code x sigmoid(beta x)} with a beta for each unit that is learned (Ramachandran et al., 2017). */
    @Kind("swish")
    public record Swish() implements UnaryLayer {
        @Override
        public Shape outputShape(Shape input) {
            return input;
        }

        @Override
        public long flops(Shape input) {
            return 6 * input.elements();
        }

        @Override
        public UnaryNetwork build(Shape input, Parameters into) {
            Parameter beta = into.bias("beta", Shape.of(input.size(-1)), Initializers.ones(), Fans.of(input));
            return (x, pass) -> x.mul(Functional.sigmoid(x.mul(beta.tensor())));
        }
    }

    /** Cross-entropy, and {@code epsilon (1 - p)} of the right class (Leng et al., 2022). */
    @Kind("poly")
    public record PolyLoss(@Doc("What the second part counts.") @Default("1.0") double epsilon) implements Loss {
        private static final Loss CROSS_ENTROPY = Losses.crossEntropy();

        @Override
        public Tensor of(Tensor outputs, Tensor targets) {
            return each(outputs, targets).mean();
        }

        @Override
        public Tensor each(Tensor outputs, Tensor targets) {
            Tensor entropy = CROSS_ENTROPY.each(outputs, targets);
            return entropy.add(entropy.neg().exp().neg().add(1).mul(epsilon));
        }

        @Override
        public void check(Shape outputs, Target target) {
            CROSS_ENTROPY.check(outputs, target);
        }

        @Override
        public Answer answer(Target target) {
            return Answer.CLASS;
        }

        @Override
        public Tensor predictions(Tensor outputs) {
            return CROSS_ENTROPY.predictions(outputs);
        }
    }

    /** Points of the plane on one of two spirals. */
    @Kind("spirals")
    public record Spirals(@Doc("Training examples.") @Default("1000") int examples) implements DataSource {
        @Override
        public DataParts load(Path dir, Path out) {
            return DataParts.of(draw(examples, 0), null, draw(500, 1));
        }

        private static Dataset draw(int count, long seed) {
            Random random = new Random(seed);
            float[] points = new float[2 * count];
            long[] arms = new long[count];
            for (int i = 0; i < count; i++) {
                arms[i] = i % 2;
                double radius = Math.sqrt(random.nextDouble());
                double angle = 4 * radius + Math.PI * arms[i] + 0.1 * random.nextGaussian();
                points[2 * i] = (float) (radius * Math.cos(angle));
                points[2 * i + 1] = (float) (radius * Math.sin(angle));
            }
            Field point = Field.floats("point", Shape.of(2));
            return ArrayDataset.of(point, points, Field.classId("arm", List.of("one", "other")), arms);
        }
    }
}
