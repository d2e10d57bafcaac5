package dev.jumbo.cli;

import dev.jumbo.config.Records;
import dev.jumbo.data.drift.Drift;
import dev.jumbo.data.drift.DriftLimits;
import dev.jumbo.data.table.CsvFile;
import dev.jumbo.data.table.JsonLines;
import dev.jumbo.data.table.ParquetFile;
import dev.jumbo.data.table.Quarantine;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TableSource;
import dev.jumbo.error.FailureException;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jumbo drift}: how far one table has drifted from another. */
@Command(
        name = "drift",
        description = "Compare a table with an earlier one, column by column, and say what has drifted.")
final class CompareTables extends Verb {
    @Parameters(
            index = "0",
            paramLabel = "BEFORE",
            description = "The table that a model was trained on: .csv, .jsonl or .parquet.")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path before;

    @Parameters(index = "1", paramLabel = "NOW", description = "The table that is compared with it.")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path now;

    @Option(names = "--psi", description = "Population stability index from which on it is drift; ${DEFAULT-VALUE}.")
    private double psi = DriftLimits.usual().psi();

    @Option(names = "--ks", description = "Distance of distribution functions of numbers; ${DEFAULT-VALUE}.")
    private double ks = DriftLimits.usual().ks();

    @Option(names = "--missing", description = "Difference of shares of missing values; ${DEFAULT-VALUE}.")
    private double missing = DriftLimits.usual().missing();

    @Option(names = "--new-share", description = "Share of rows with new categories; ${DEFAULT-VALUE}.")
    private double newShare = DriftLimits.usual().newShare();

    @Option(names = "--p-value", description = "Distances count where chance is less likely; ${DEFAULT-VALUE}.")
    private double pValue = DriftLimits.usual().pValue();

    @Option(names = "--fail", description = "Exit with status 1 if anything has drifted.")
    private boolean fail;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    void run() {
        Drift drift = Drift.between(read(before), read(now), new DriftLimits(psi, ks, missing, newShare, pValue));
        if (json) {
            print(Records.of().write(Drift.class, drift));
        } else {
            out().println(drift.text());
        }
        out().flush();
        if (fail && drift.drifted()) {
            throw new FailureException(now + " has drifted from " + before + "; look at the columns named above");
        }
    }

    private static Table read(Path file) {
        return source(file).read(Quarantine.counting());
    }

    private static TableSource source(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".parquet")) {
            return ParquetFile.of(file);
        }
        return name.endsWith(".jsonl") || name.endsWith(".ndjson") ? JsonLines.of(file) : CsvFile.of(file);
    }
}
