package dev.jumbo.train.plan.work;

import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.adapt.Changes;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import dev.jumbo.train.TrainConfig;
import dev.jumbo.train.ValidationBatch;
import java.util.List;

/**
 * What is trained, on how much data.
 *
 * @param model the description
 * @param inputs what the model receives for one example
 * @param targets what the loss compares its outputs with
 * @param examples of the training split
 * @param validation examples that each epoch ends with, or 0
 * @param config how it is trained; its adapter is put into the model
 * @param data what lies in memory and what is done to an example
 */
public record Workload(
        Layer model,
        List<Field> inputs,
        List<Field> targets,
        long examples,
        long validation,
        TrainConfig config,
        Data data) {
    /**
     * The data in this process.
     *
     * @param heapBytes what the dataset holds in the Java heap
     * @param augmentations random changes of each example
     */
    public record Data(long heapBytes, int augmentations) {
        /** Nothing in memory, as where only shapes are known. */
        public static final Data NONE = new Data(0, 0);
    }

    /** @throws InputException unless there are examples and inputs */
    public Workload {
        inputs = List.copyOf(inputs);
        targets = List.copyOf(targets);
        if (inputs.isEmpty() || examples < 1) {
            throw new InputException("plan: expected one or more inputs and examples, received " + inputs.size()
                    + " inputs, " + examples + " examples");
        }
        Specs given = Field.specs(inputs);
        boolean adapts = config.adapter().keepsBase()
                && Changes.of(model, given).changed().isEmpty();
        model = adapts ? config.adapter().in(model, given) : model;
        List<Shape> outputs = Model.outputs(model, given).shapes();
        config = config.with(config.task(outputs, targets, false));
    }

    /** The inputs of one example. */
    public Specs specs() {
        return Field.specs(inputs);
    }

    /** Whether the first input is a sequence of token ids. */
    public boolean hasTokens() {
        Field first = inputs.get(0);
        return first.dtype() == DType.INT64 && first.shape().rank() == 1;
    }

    /** Tokens of one example, or 0. */
    public long tokens() {
        return hasTokens() ? inputs.get(0).shape().size(0) : 0;
    }

    /** Examples of a forward pass of validation, of one worker. */
    public int validationBatch() {
        return ValidationBatch.of(config, inputs, Model.outputs(model, specs()).shapes(), 1);
    }

    /** Examples of one optimizer step, of all workers together. */
    public long examplesOfStep() {
        return Math.min(examples, (long) config.batchSize() * config.gradientAccumulation());
    }

    /** Optimizer steps of one epoch. */
    public long stepsOfEpoch() {
        return (examples + examplesOfStep() - 1) / examplesOfStep();
    }

    /** Optimizer steps of the whole training. */
    public long steps() {
        return stepsOfEpoch() * config.epochs();
    }

    /** The same with other settings. */
    public Workload with(TrainConfig other) {
        return new Workload(model, inputs, targets, examples, validation, other, data);
    }

    /** Whether layers compute in bf16. */
    public boolean isLowPrecision() {
        return config.precision() == TrainConfig.Precision.BF16;
    }

    /** Bytes of a value in the type of the computation. */
    public int width() {
        return isLowPrecision() ? Short.BYTES : Float.BYTES;
    }
}
