package dev.jumbo.spark.corpus.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Records;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What {@code report.json} holds. */
public record CorpusReport(
        @Doc("Version of this format: 1.") int format,

        @Doc("The stages in order; the first one is reading.")
        List<StageReport> stages,

        @Doc("Tasks that ran at once.") int cores,

        @Doc("Documents that could not be read or on which a step failed, of all that were read.")
        double badShare,

        @Doc("The token shards, if any were written.") @Default("null") @Nullable
        Tokens tokens,

        @Doc("The output's directory.") @Default("\"\"") String directory,

        @Doc("Where documents came from.") @Default("[]") List<String> inputs,

        @Doc("When the run ended, in UTC.") @Default("\"\"") String finished,

        @Doc("Documents that are kept, by the language that a stage found.") @Default("{}")
        Map<String, Long> languages,

        @Doc("Documents that a stage dropped for the language that it found.") @Default("{}")
        Map<String, Long> otherLanguages) {
    private static final int FORMAT = 1;

    /** Token shards. */
    public record Tokens(
            @Doc("Name of the tokenizer.") String tokenizer,
            @Doc("Number of shards.") int shards,
            @Doc("Documents in them.") long documents,

            @Doc("Tokens in them, ends of documents included.")
            long tokens,

            @Doc("Seconds to tokenize and write them.") double seconds) {}

    public CorpusReport {
        stages = List.copyOf(stages);
        inputs = List.copyOf(inputs);
        languages = Map.copyOf(languages);
        otherLanguages = Map.copyOf(otherLanguages);
    }

    /** Of this version. */
    public static CorpusReport of(List<StageReport> stages, int cores, @Nullable Tokens tokens) {
        return new CorpusReport(FORMAT, stages, cores, badShare(stages), tokens, "", List.of(), "", Map.of(), Map.of());
    }

    /** With what the corpus is, for people. */
    public CorpusReport of(
            String corpus, List<String> from, String when, Map<String, Long> kept, Map<String, Long> dropped) {
        return new CorpusReport(format, stages, cores, badShare, tokens, corpus, from, when, kept, dropped);
    }

    /** That nothing is left, and which stage took the last of it and why. */
    public Optional<String> warning() {
        if (kept() > 0) {
            return Optional.empty();
        }
        StageReport last =
                stages.stream().filter(s -> s.kept() == 0).findFirst().orElse(stages.get(stages.size() - 1));
        String why = last.reasons().stream()
                .limit(3)
                .map(r -> String.format(Locale.ROOT, "%s %,d times", r.name(), r.documents()))
                .collect(Collectors.joining(", "));
        return Optional.of(
                last.read() == 0
                        ? "the corpus is empty: no document was read; look at the paths of the inputs"
                        : String.format(
                                Locale.ROOT,
                                "the corpus is empty: %s kept none of %,d documents%s; look at their samples in report.html",
                                last.name(),
                                last.read(),
                                why.isEmpty() ? "" : " (" + why + ")"));
    }

    /** Documents in quarantine after these stages, of all that were read. */
    public static double badShare(List<StageReport> stages) {
        long bad = stages.stream().mapToLong(StageReport::quarantined).sum();
        return stages.isEmpty() || bad == 0 ? 0 : (double) bad / stages.get(0).read();
    }

    /** Documents at the end. */
    public long kept() {
        return stages.get(stages.size() - 1).kept();
    }

    public JsonNode tree() {
        return Records.of().write(CorpusReport.class, this);
    }

    /** The result in one line; the stages have told theirs. */
    public String text() {
        long read = stages.get(0).read();
        String result = String.format(
                Locale.ROOT,
                "%,d of %,d documents kept (%.1f %%)",
                kept(),
                read,
                read == 0 ? 0.0 : 100.0 * kept() / read);
        if (tokens == null) {
            return result;
        }
        return result
                + String.format(
                        Locale.ROOT,
                        ", %,d tokens of %s in %d shards",
                        tokens.tokens(),
                        tokens.tokenizer(),
                        tokens.shards());
    }
}
