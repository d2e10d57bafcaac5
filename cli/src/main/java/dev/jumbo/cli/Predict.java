package dev.jumbo.cli;

import dev.jumbo.data.table.encode.RowReader;
import dev.jumbo.error.InputException;
import dev.jumbo.models.generate.TextGenerator;
import dev.jumbo.nn.layers.ModelGroup;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jumbo predict}: a line for each input with what the model says of it. */
@Command(
        name = "predict",
        description = "Predict: a line for each input with its label and probability, as text, CSV or JSON lines.")
final class Predict extends Verb {
    @Parameters(index = "0", paramLabel = "RUN", description = "The directory of a run.")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path run;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "INPUT",
            description =
                    "Image or sound files or a folder of them, .json files, or JSON as in '[0.1, 2]'; for tables files as in"
                            + " training (.csv, .tsv), .jsonl, .parquet, or rows as in '{\"age\": 39}'; for texts likewise,"
                            + " as in '{\"review\": \"a fine film\"}'; for sources, such as sentences to translate, files with one in each"
                            + " line; .npz or .safetensors files with an array for each"
                            + " input; - for standard input.")
    private List<String> inputs = List.of();

    @Option(names = "--checkpoint", description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} if not given.")
    private RunFolder.Choice checkpoint = RunFolder.Choice.BEST;

    @Option(names = "--json", description = "Write JSON lines, with the probabilities of all classes.")
    private boolean json;

    @Option(names = "--csv", description = "Write CSV with a header, with the probabilities of all classes.")
    private boolean csv;

    @Option(
            names = "--keep",
            paramLabel = "COLUMN",
            split = ",",
            description = "Columns of the input that stand beside the answers, in this order; all: every one.")
    private List<String> keep = List.of();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Write to a file, which appears when it is complete: .csv, .tsv, or .jsonl for JSON lines; -"
                    + " for standard output.")
    private @Nullable Path out;

    @Option(
            names = "--bad",
            description =
                    "What is done with a row that cannot be predicted: ${COMPLETION-CANDIDATES} (its error stands in"
                            + " its place, and is counted); ${DEFAULT-VALUE} if not given.")
    private Bad bad = Bad.REFUSE;

    @Option(names = "--delimiter", description = "The character between fields, where a file differs from training's.")
    private @Nullable String delimiter;

    @Option(names = "--charset", description = "The charset, where a file differs from training's.")
    private @Nullable String charset;

    @Option(
            names = "--header",
            description = "The first record has the names of the columns, where training's file had none.")
    private boolean header;

    /** What is done with an example that cannot be predicted. */
    enum Bad {
        REFUSE,
        MARK
    }

    @Override
    void run() {
        Checkpoint chosen = checkpoint == RunFolder.Choice.BEST ? Checkpoint.best(run) : Checkpoint.latest(run);
        if (inputs.stream().noneMatch(ArrayExamples::isOne) && TextGenerator.readsSources(chosen.description())) {
            answerSources(chosen);
            return;
        }
        try (Predictor predictor = Predictor.of(chosen);
                TextAnswers texts = TextAnswers.of(chosen.description())) {
            write(to -> predict(predictor, texts, to));
        } catch (InputException e) {
            throw chosen.description().model() instanceof ModelGroup group ? ofOneModel(e, group, chosen) : e;
        }
    }

    private void write(Consumer<PrintWriter> answers) {
        if (out == null || out.toString().equals(Examples.STDIN)) {
            answers.accept(out());
            return;
        }
        Output.write(out, draft -> {
            try (PrintWriter file = new PrintWriter(Files.newBufferedWriter(draft, StandardCharsets.UTF_8))) {
                answers.accept(file);
                if (file.checkError()) {
                    throw new IOException("the disk may be full");
                }
            }
        });
        say("answers are in " + out);
    }

    /** Of a model whose encoder reads texts. */
    private void answerSources(Checkpoint chosen) {
        AnswerFormat.Form form = form();
        if (form == AnswerFormat.Form.CSV || delimiter != null || charset != null || header) {
            throw new InputException("--csv, --keep, --delimiter, --charset and --header are for tables; this model"
                    + " reads texts: its answers are texts line by line, or JSON lines with --json");
        }
        EvaluateConfig config = RunFolder.open(run, List.of()).config().evaluate();
        try (TextGenerator model = TextGenerator.open(chosen)) {
            SourcePredictor answers = new SourcePredictor(
                    model, SourceEvaluation.generation(config, model), form == AnswerFormat.Form.JSON, bad == Bad.MARK);
            write(to -> answers.answer(inputs, to, this::say));
        }
    }

    /** Of several models one answers, whose inputs may be others than those of the data. */
    private static InputException ofOneModel(InputException e, ModelGroup group, Checkpoint chosen) {
        List<String> inputs = chosen.description().rawInputs().stream()
                .map(field -> field.name() + " " + field.shape())
                .toList();
        return new InputException(
                e.getMessage() + "; of the models " + group.models().keySet() + " it is " + group.answers()
                        + " that answers, and it takes " + inputs
                        + ", which may be other inputs than those of the data",
                e);
    }

    private void predict(Predictor predictor, @Nullable TextAnswers texts, PrintWriter to) {
        RowReader rows = predictor.rows();
        boolean named = rows != null || predictor.takesRecords() || predictor.takesNumbersByName();
        if (!keep.isEmpty() && !named || rows == null && (delimiter != null || charset != null || header)) {
            throw new InputException("--keep, --delimiter, --charset and --header are for tables"
                    + (named ? ", --keep for rows by name too" : "") + "; this model takes "
                    + predictor.rawInputs().get(0).name() + " "
                    + predictor.rawInputs().get(0).shape());
        }
        if (rows != null && !rows.skipped().isEmpty()) {
            say("not applied, as these steps of data.clean look at a whole table: "
                    + String.join(", ", rows.skipped()));
        }
        Kept kept = new Kept(keep);
        boolean marks = bad == Bad.MARK;
        AnswerFormat format = switch (form()) {
            case TEXT -> TextAnswers.text(texts, to);
            case JSON -> TextAnswers.json(texts, to, kept);
            case CSV -> new AnswerCsv(to, separator(), kept, marks, predictor, this::say);
        };
        BatchPredictor predictions = new BatchPredictor(predictor, marks, format::write);
        TableFiles.Form form = new TableFiles.Form(delimiter, charset, header);
        List<String> columns = new ArrayList<>();
        Examples examples = Examples.of(
                predictor,
                rows == null
                        ? null
                        : new TableFiles(rows, form, names -> {
                            if (columns.isEmpty()) {
                                columns.addAll(names);
                            }
                        }));
        inputs.forEach(input -> read(predictor, examples, input, predictions));
        predictions.end(this::say);
        if (format instanceof AnswerCsv table) {
            if (predictions.isEmpty()) {
                table.writeHeader(columns);
            }
            table.flush();
        }
        to.flush();
    }

    private static void read(Predictor predictor, Examples examples, String input, BatchPredictor into) {
        ArrayExamples arrays = new ArrayExamples(predictor);
        if (ArrayExamples.isOne(input)) {
            arrays.read(input, into::add);
        } else if (ArrayExamples.needs(predictor)) {
            throw arrays.refused(input);
        } else if (predictor.takesRecords()) {
            new RecordExamples(predictor.rawInputs()).read(input, into::add);
        } else if (predictor.takesNumbersByName()) {
            new NamedNumbers(predictor, examples).read(input, into::add);
        } else if (predictor.takesSequences()) {
            new SequenceExamples(predictor.rawInputs().get(0)).read(input, into::add);
        } else {
            examples.read(input, into::add);
        }
    }

    private AnswerFormat.Form form() {
        if (json && csv) {
            throw new InputException("expected --json or --csv, received both");
        }
        String file = out == null ? "" : out.toString().toLowerCase(Locale.ROOT);
        if (json || !csv && (file.endsWith(".jsonl") || file.endsWith(".ndjson") || file.endsWith(".json"))) {
            return AnswerFormat.Form.JSON;
        }
        boolean table = csv || !keep.isEmpty() || file.endsWith(".csv") || file.endsWith(".tsv");
        return table ? AnswerFormat.Form.CSV : AnswerFormat.Form.TEXT;
    }

    private char separator() {
        return out != null && out.toString().toLowerCase(Locale.ROOT).endsWith(".tsv") ? '\t' : ',';
    }
}
