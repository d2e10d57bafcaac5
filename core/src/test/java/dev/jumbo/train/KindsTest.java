package dev.jumbo.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.sequence.Gru;
import dev.jumbo.nn.layers.sequence.TransformerBlock;
import dev.jumbo.nn.losses.BinaryCrossEntropy;
import dev.jumbo.nn.losses.CrossEntropy;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.train.checkpoint.Kinds;
import dev.jumbo.train.optim.Optimizer;
import dev.jumbo.train.optim.Optimizers;
import dev.jumbo.train.optim.ReduceOnPlateau;
import dev.jumbo.train.optim.Schedule;
import dev.jumbo.train.optim.Schedules;
import dev.jumbo.train.optim.Sgd;
import dev.jumbo.train.optim.WarmUp;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Names, keys and defaults as files write them. */
class KindsTest {
    static Stream<Arguments> files() {
        return Stream.of(
                Arguments.of(Loss.class, "'cross_entropy'", Losses.crossEntropy()),
                Arguments.of(
                        Loss.class,
                        "{'cross_entropy': {'label_smoothing': 0.1, 'class_weights': [1, 2.5], 'from_logits': false,"
                                + " 'ignore_index': -1, 'class_axis': -1}}",
                        new CrossEntropy(0.1, List.of(1.0, 2.5), -1, false, -1)),
                Arguments.of(Loss.class, "'binary_cross_entropy'", Losses.binaryCrossEntropy()),
                Arguments.of(
                        Loss.class, "{'binary_cross_entropy': {'pos_weight': 3}}", new BinaryCrossEntropy(3, true)),
                Arguments.of(Loss.class, "'mse'", Losses.mse()),
                Arguments.of(Loss.class, "'mae'", Losses.mae()),
                Arguments.of(Loss.class, "{'huber': 0.5}", Losses.huber(0.5)),
                Arguments.of(Loss.class, "'kl_divergence'", Losses.klDivergence()),
                Arguments.of(Loss.class, "'ctc'", Losses.ctc()),
                Arguments.of(Optimizer.class, "{'sgd': 0.1}", Optimizers.sgd(0.1)),
                Arguments.of(
                        Optimizer.class,
                        "{'sgd': {'learning_rate': 0.1, 'momentum': 0.9, 'nesterov': true, 'weight_decay': 1e-4}}",
                        new Sgd(0.1, 0.9, true, 1e-4, 0, false)),
                Arguments.of(Optimizer.class, "'rmsprop'", Optimizers.rmsprop(0.001)),
                Arguments.of(Optimizer.class, "'adagrad'", Optimizers.adagrad(0.01)),
                Arguments.of(Optimizer.class, "'adam'", Optimizers.adam(0.001)),
                Arguments.of(Optimizer.class, "'adamw'", Optimizers.adamw(0.001)),
                Arguments.of(Optimizer.class, "'lion'", Optimizers.lion(1e-4, 0)),
                Arguments.of(Schedule.class, "'constant'", Schedules.constant()),
                Arguments.of(Schedule.class, "{'step': 100}", Schedules.step(100, 0.1)),
                Arguments.of(Schedule.class, "{'exponential': 0.99}", Schedules.exponential(0.99, 1)),
                Arguments.of(Schedule.class, "'cosine'", Schedules.cosine()),
                Arguments.of(Schedule.class, "'one_cycle'", Schedules.oneCycle()),
                Arguments.of(
                        Schedule.class,
                        "{'warmup': {'warmup_ratio': 0.1, 'then': 'cosine'}}",
                        new WarmUp(0, 0.1, 0, Schedules.cosine())),
                Arguments.of(Schedule.class, "{'warmup': 50}", Schedules.warmUp(50, Schedules.constant())),
                Arguments.of(
                        Schedule.class, "'reduce_on_plateau'", new ReduceOnPlateau("val_loss", 0.1, 10, 1e-4, 0, 0)),
                Arguments.of(Layer.class, "{'lstm': 64}", Layers.lstm(64)),
                Arguments.of(
                        Layer.class,
                        "{'gru': {'units': 8, 'return_sequences': true, 'bidirectional': true, 'layers': 2,"
                                + " 'dropout': 0.1}}",
                        new Gru(8, true, true, 2, 0.1)),
                Arguments.of(Layer.class, "{'multi_head_attention': 4}", Layers.multiHeadAttention(4)),
                Arguments.of(
                        Layer.class,
                        "{'transformer_block': {'heads': 4, 'units': 64, 'causal': true}}",
                        new TransformerBlock(4, 64, true, 0, Activation.GELU, true)),
                Arguments.of(Layer.class, "{'positional_embedding': 16}", Layers.positionalEmbedding(16)),
                Arguments.of(Layer.class, "'layer_norm'", Layers.layerNorm()),
                Arguments.of(Layer.class, "'rms_norm'", Layers.rmsNorm()));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("files")
    <T> void reads_the_short_form_and_its_own_long_form(Class<T> type, String text, T expected)
            throws JsonProcessingException {
        JsonNode tree = new ObjectMapper().readTree(text.replace('\'', '"'));
        assertThat(Kinds.records().read(type, "file", tree)).isEqualTo(expected);
        JsonNode written = Kinds.records().write(type, expected);
        assertThat(Kinds.records().read(type, "file", written)).isEqualTo(expected);
    }
}
