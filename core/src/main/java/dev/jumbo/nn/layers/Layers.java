package dev.jumbo.nn.layers;

import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.basic.ActivationLayer;
import dev.jumbo.nn.layers.basic.BatchNorm;
import dev.jumbo.nn.layers.basic.Dense;
import dev.jumbo.nn.layers.basic.Dropout;
import dev.jumbo.nn.layers.basic.Elu;
import dev.jumbo.nn.layers.basic.Embedding;
import dev.jumbo.nn.layers.basic.Flatten;
import dev.jumbo.nn.layers.basic.GroupNorm;
import dev.jumbo.nn.layers.basic.LeakyRelu;
import dev.jumbo.nn.layers.basic.LoraDense;
import dev.jumbo.nn.layers.basic.Permute;
import dev.jumbo.nn.layers.basic.Reshape;
import dev.jumbo.nn.layers.basic.Softmax;
import dev.jumbo.nn.layers.basic.TiedDense;
import dev.jumbo.nn.layers.basic.TiedEmbedding;
import dev.jumbo.nn.layers.basic.TimeEmbedding;
import dev.jumbo.nn.layers.conv.AvgPool1d;
import dev.jumbo.nn.layers.conv.AvgPool2d;
import dev.jumbo.nn.layers.conv.Conv1d;
import dev.jumbo.nn.layers.conv.Conv1dTranspose;
import dev.jumbo.nn.layers.conv.Conv2d;
import dev.jumbo.nn.layers.conv.Conv2dTranspose;
import dev.jumbo.nn.layers.conv.DepthwiseConv2d;
import dev.jumbo.nn.layers.conv.GlobalAvgPool;
import dev.jumbo.nn.layers.conv.GlobalMaxPool;
import dev.jumbo.nn.layers.conv.MaxPool1d;
import dev.jumbo.nn.layers.conv.MaxPool2d;
import dev.jumbo.nn.layers.conv.PatchEmbedding;
import dev.jumbo.nn.layers.conv.SeparableConv2d;
import dev.jumbo.nn.layers.conv.Size2d;
import dev.jumbo.nn.layers.encoder.Attention;
import dev.jumbo.nn.layers.encoder.AttentionBlock;
import dev.jumbo.nn.layers.encoder.SinusoidalPositions;
import dev.jumbo.nn.layers.encoder.TokenEmbeddings;
import dev.jumbo.nn.layers.sequence.ClassToken;
import dev.jumbo.nn.layers.sequence.CrossAttention;
import dev.jumbo.nn.layers.sequence.GatedMlp;
import dev.jumbo.nn.layers.sequence.GroupedQueryAttention;
import dev.jumbo.nn.layers.sequence.Gru;
import dev.jumbo.nn.layers.sequence.LayerNorm;
import dev.jumbo.nn.layers.sequence.LlamaBlock;
import dev.jumbo.nn.layers.sequence.LoraAttention;
import dev.jumbo.nn.layers.sequence.Lstm;
import dev.jumbo.nn.layers.sequence.MultiHeadAttention;
import dev.jumbo.nn.layers.sequence.PositionalEmbedding;
import dev.jumbo.nn.layers.sequence.RmsNorm;
import dev.jumbo.nn.layers.sequence.SelectStep;
import dev.jumbo.nn.layers.sequence.TransformerBlock;
import dev.jumbo.nn.layers.sequence.TransformerDecoderBlock;
import dev.jumbo.nn.layers.sequence.WeightedSum;
import java.util.List;

/** Static factories for the common forms of every layer, and the list of layers that files may name. */
public final class Layers {
    private Layers() {}

    /** Every layer that {@code model.json} and a configuration may name; nothing else is ever loaded from a file. */
    public static List<Class<? extends Layer>> kinds() {
        return List.of(
                Sequential.class,
                Residual.class,
                Graph.class,
                ModelGroup.class,
                Add.class,
                Concatenate.class,
                Dense.class,
                TiedDense.class,
                Embedding.class,
                Conv1d.class,
                Conv2d.class,
                DepthwiseConv2d.class,
                SeparableConv2d.class,
                Conv1dTranspose.class,
                Conv2dTranspose.class,
                MaxPool1d.class,
                MaxPool2d.class,
                AvgPool1d.class,
                AvgPool2d.class,
                GlobalAvgPool.class,
                GlobalMaxPool.class,
                BatchNorm.class,
                GroupNorm.class,
                ActivationLayer.class,
                LeakyRelu.class,
                Elu.class,
                Softmax.class,
                Dropout.class,
                Flatten.class,
                Reshape.class,
                Permute.class,
                Lstm.class,
                Gru.class,
                MultiHeadAttention.class,
                TransformerBlock.class,
                CrossAttention.class,
                TransformerDecoderBlock.class,
                TimeEmbedding.class,
                GroupedQueryAttention.class,
                GatedMlp.class,
                LlamaBlock.class,
                ClassToken.class,
                SelectStep.class,
                WeightedSum.class,
                PatchEmbedding.class,
                PositionalEmbedding.class,
                LayerNorm.class,
                RmsNorm.class,
                TiedEmbedding.class,
                TokenEmbeddings.class,
                Attention.class,
                AttentionBlock.class,
                SinusoidalPositions.class,
                Encoder.class,
                LoraDense.class,
                LoraAttention.class);
    }

    public static Sequential sequential(Layer... layers) {
        return Sequential.of(layers);
    }

    public static Residual residual(Layer... layers) {
        return Residual.of(layers);
    }

    public static Add add() {
        return new Add();
    }

    /** Joins features or channels. */
    public static Concatenate concatenate() {
        return new Concatenate(1);
    }

    public static Dense dense(int units) {
        return Dense.of(units, Activation.LINEAR);
    }

    /** A dense layer with the matrix of an earlier one. @param of its path, such as {@code layers.0.weight} */
    public static TiedDense tiedDense(int units, String of) {
        return new TiedDense(units, of);
    }

    public static Dense dense(int units, Activation activation) {
        return Dense.of(units, activation);
    }

    public static Embedding embedding(int inputDim, int outputDim) {
        return Embedding.of(inputDim, outputDim);
    }

    public static Conv1d conv1d(int filters, int kernelSize, Activation activation) {
        return Conv1d.of(filters, kernelSize, activation);
    }

    public static Conv2d conv2d(int filters, int kernelSize) {
        return conv2d(filters, kernelSize, Activation.LINEAR);
    }

    public static Conv2d conv2d(int filters, int kernelSize, Activation activation) {
        return Conv2d.of(filters, Size2d.of(kernelSize), activation);
    }

    public static DepthwiseConv2d depthwiseConv2d(int kernelSize, Activation activation) {
        return DepthwiseConv2d.of(Size2d.of(kernelSize), activation);
    }

    public static SeparableConv2d separableConv2d(int filters, int kernelSize, Activation activation) {
        return SeparableConv2d.of(filters, Size2d.of(kernelSize), activation);
    }

    public static Conv1dTranspose conv1dTranspose(int filters, int kernelSize, int stride, Activation activation) {
        return Conv1dTranspose.of(filters, kernelSize, stride, activation);
    }

    public static Conv2dTranspose conv2dTranspose(int filters, int kernelSize, int stride, Activation activation) {
        return Conv2dTranspose.of(filters, Size2d.of(kernelSize), Size2d.of(stride), activation);
    }

    public static MaxPool1d maxPool1d(int poolSize) {
        return MaxPool1d.of(poolSize);
    }

    public static MaxPool2d maxPool2d(int poolSize) {
        return MaxPool2d.of(poolSize);
    }

    public static AvgPool1d avgPool1d(int poolSize) {
        return AvgPool1d.of(poolSize);
    }

    public static AvgPool2d avgPool2d(int poolSize) {
        return AvgPool2d.of(poolSize);
    }

    public static GlobalAvgPool globalAvgPool() {
        return new GlobalAvgPool();
    }

    public static GlobalMaxPool globalMaxPool() {
        return new GlobalMaxPool();
    }

    public static BatchNorm batchNorm() {
        return new BatchNorm(0.1, 1e-5);
    }

    public static GroupNorm groupNorm(int groups) {
        return new GroupNorm(groups, 1e-5);
    }

    public static ActivationLayer activation(Activation function) {
        return new ActivationLayer(function);
    }

    public static ActivationLayer relu() {
        return new ActivationLayer(Activation.RELU);
    }

    public static LeakyRelu leakyRelu(double negativeSlope) {
        return new LeakyRelu(negativeSlope);
    }

    public static Elu elu(double alpha) {
        return new Elu(alpha);
    }

    /** Along the last dimension. */
    public static Softmax softmax() {
        return new Softmax(-1);
    }

    public static Reshape reshape(Integer... targetShape) {
        return Reshape.of(targetShape);
    }

    public static Permute permute(Integer... dims) {
        return Permute.of(dims);
    }

    public static Flatten flatten() {
        return new Flatten();
    }

    public static Dropout dropout(double rate) {
        return new Dropout(rate);
    }

    public static Lstm lstm(int units) {
        return new Lstm(units, false, false, 1, 0);
    }

    public static Gru gru(int units) {
        return new Gru(units, false, false, 1, 0);
    }

    public static MultiHeadAttention multiHeadAttention(int heads) {
        return new MultiHeadAttention(heads, false, 0, true);
    }

    /** A block of a decoder, in which no step sees a later one. */
    public static TransformerBlock decoderBlock(int heads, int units, double dropout) {
        return new TransformerBlock(heads, units, true, dropout, Activation.GELU, true);
    }

    /** A block of an encoder, in which every step sees all. */
    public static TransformerBlock encoderBlock(int heads, int units, double dropout) {
        return new TransformerBlock(heads, units, false, dropout, Activation.GELU, true);
    }

    public static PositionalEmbedding positionalEmbedding(int maxLength) {
        return PositionalEmbedding.of(maxLength);
    }

    public static LayerNorm layerNorm() {
        return new LayerNorm(1e-5);
    }

    public static RmsNorm rmsNorm() {
        return new RmsNorm(1e-6);
    }
}
