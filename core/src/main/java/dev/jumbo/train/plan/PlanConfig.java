package dev.jumbo.train.plan;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Column;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.split.Subset;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.TrainConfig;
import dev.jumbo.train.plan.cost.DescribedCosts;
import dev.jumbo.train.plan.device.Devices;
import dev.jumbo.train.plan.work.Workload;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The {@code plan} section of a configuration: what no dataset has to be read for, and what the answer depends on. */
@Doc("What jumbo plan assumes: the data's shapes and size, the device, the price.")
public record PlanConfig(
        @Doc("Inputs of one example; those of the dataset if left out.") @Default("[]")
        List<Input> inputs,

        @Doc("Targets of one example; one class id if left out.") @Default("[{ids: true, shape: []}]")
        List<Input> targets,

        @Doc("Examples of the training split.") @Default("null") @Nullable
        Long examples,

        @Doc("Tokens to train on in all epochs, instead of examples; the first input is a sequence of ids.")
        @Default("null")
        @Nullable
        Double tokens,

        @Doc("A device of the table, or this machine.") @Default("this machine")
        String device,

        @Doc("Workers, each with one device.") @Default("1") int workers,

        @Doc("Share of a described device's peak that training reaches.") @Default("0.4")
        double efficiency,

        @Doc("Price of one device for an hour, in any currency.") @Default("null") @Nullable
        Double pricePerHour,

        @Doc("Hours between failures of one device; by default as published for Llama 3.") @Default("50700.0")
        double mtbfHours,

        @Doc("Speed of writing a checkpoint, in GB/s; measured for this machine.") @Default("null") @Nullable
        Double storageGbPerS) {
    /** Grattafiori et al., 2024 ("The Llama 3 Herd of Models", table 5): 419 unexpected interruptions of 16,384 GPUs in 54 days. */
    static final double MTBF_HOURS = 50_700;

    /**
     * An input or target of one example.
     *
     * @param ids whether it holds ids instead of numbers
     * @param name null for input and target, with a number where there are several
     * @param classes of an id that is a class
     */
    public record Input(
            @Doc("Shape of one example, without the batch.") Shape shape,

            @Doc("Whether it holds ids, such as tokens or classes.") @Default("false")
            boolean ids,

            @Doc("Its name; input and target, with a number where there are several, if left out.")
            @Default("null")
            @Nullable
            String name,

            @Doc("Names of the classes of a target that is one class.") @Default("[]")
            List<String> classes) {
        public Input {
            classes = List.copyOf(classes);
            if (!classes.isEmpty() && shape.rank() > 0) {
                throw new InputException(
                        "plan: expected classes of one class for each example (shape: []), received the shape " + shape
                                + " beside classes");
            }
        }

        Field field(String usual) {
            String called = name == null ? usual : name;
            if (!classes.isEmpty()) {
                return Field.classId(called, classes);
            }
            return ids ? Field.ids(called, shape) : Field.floats(called, shape);
        }
    }

    public PlanConfig {
        inputs = List.copyOf(inputs);
        targets = List.copyOf(targets);
        require(examples == null || examples >= 1, "examples", "1 or more", examples);
        require(tokens == null || tokens >= 1, "tokens", "1 or more", tokens);
        require(examples == null || tokens == null, "examples", "either examples or tokens", "both");
        require(workers >= 1, "workers", "1 or more", workers);
        require(efficiency > 0 && efficiency <= 1, "efficiency", "above 0 up to 1", efficiency);
        require(pricePerHour == null || pricePerHour >= 0, "price_per_hour", "0 or more", pricePerHour);
        require(mtbfHours > 0, "mtbf_hours", "above 0", mtbfHours);
        require(storageGbPerS == null || storageGbPerS > 0, "storage_gb_per_s", "above 0", storageGbPerS);
    }

    private static void require(boolean holds, String key, String expected, @Nullable Object received) {
        if (!holds) {
            throw new InputException("plan." + key + ": expected " + expected + ", received " + received);
        }
    }

    /** Every value at its default. */
    public static PlanConfig defaults() {
        return new PlanConfig(
                List.of(),
                List.of(new Input(Shape.of(), true, null, List.of())),
                null,
                null,
                Devices.THIS_MACHINE,
                1,
                DescribedCosts.EFFICIENCY,
                null,
                MTBF_HOURS,
                null);
    }

    /** Whether shapes and size are given here, so that no dataset is read. */
    public boolean describesData() {
        return !inputs.isEmpty() && (examples != null || tokens != null);
    }

    /** @throws InputException unless {@link #describesData} */
    public Workload workload(Layer model, TrainConfig config) {
        if (!describesData()) {
            throw new InputException(
                    "plan: expected a data section, or inputs and examples (or tokens) under plan, as in"
                            + " plan: {inputs: [{shape: [28, 28]}], examples: 60000}; received inputs "
                            + inputs.stream().map(Input::shape).toList() + ", examples " + examples + ", tokens "
                            + tokens);
        }
        List<Field> in = fields("input", inputs);
        long all = examples == null ? ofTokens(in.get(0), config) : examples;
        long held = Math.round(Math.floor(all * config.validationSplit()));
        long tested = (long) Math.ceil(all * config.testSplit());
        return new Workload(
                model, in, fields("target", targets), all - held - tested, held, config, Workload.Data.NONE);
    }

    /**
     * Examples as {@code inputs} and {@code targets} describe them, all zeros: of a model that begins without data.
     *
     * @param count how many
     * @throws InputException if no inputs are described
     */
    public Dataset zeros(int count) {
        if (inputs.isEmpty()) {
            throw new InputException(
                    "plan: expected a data section, or inputs and targets under plan, as in plan: {inputs: [{name: image,"
                            + " shape: [3, 32, 32]}], targets: [{shape: [], classes: [cat, dog]}]}; received neither");
        }
        Dataset one = ArrayDataset.of(columns(fields("input", inputs)), columns(fields("target", targets)));
        return Subset.of(one, new int[count]);
    }

    private static List<Column> columns(List<Field> fields) {
        return fields.stream()
                .map(field -> field.dtype() == DType.INT64
                        ? ArrayDataset.column(field, new long[field.elements()])
                        : ArrayDataset.column(field, new float[field.elements()]))
                .toList();
    }

    private long ofTokens(Field first, TrainConfig config) {
        if (tokens == null || first.shape().rank() != 1) {
            throw new InputException("plan.tokens: expected a first input of token ids [T], received " + first.shape());
        }
        return (long) Math.ceil(tokens / config.epochs() / first.shape().size(0));
    }

    private static List<Field> fields(String name, List<Input> given) {
        return IntStream.range(0, given.size())
                .mapToObj(i -> given.get(i).field(given.size() == 1 ? name : name + i))
                .toList();
    }
}
