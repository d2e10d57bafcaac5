package dev.jumbo.spark.text.steps;

import dev.jumbo.spark.text.Document;
import dev.jumbo.spark.text.Outcome;
import dev.jumbo.spark.text.TextStep;
import dev.jumbo.spark.text.decontaminate.Decontaminate;
import dev.jumbo.spark.text.extract.ExtractHtml;
import dev.jumbo.spark.text.language.LanguageFilter;
import dev.jumbo.spark.text.privacy.PrivateData;
import dev.jumbo.spark.text.quality.C4Quality;
import dev.jumbo.spark.text.quality.FineWebQuality;
import dev.jumbo.spark.text.quality.GopherQuality;
import dev.jumbo.spark.text.quality.GopherRepetition;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The steps that files may name, and several in a row. */
public final class TextSteps {
    private TextSteps() {}

    /** For {@link dev.jumbo.config.Records#with}: nothing that is not in this list is ever made from a file. */
    public static List<Class<? extends TextStep>> kinds() {
        return List.of(
                C4Quality.class,
                Decontaminate.class,
                ExtractHtml.class,
                FineWebQuality.class,
                GopherQuality.class,
                GopherRepetition.class,
                LanguageFilter.class,
                PrivateData.class);
    }

    /** The order and the parameters of FineWeb (Penedo et al. 2024): for documents that are text already. */
    public static List<TextStep> fineWeb() {
        return List.of(
                LanguageFilter.english(),
                GopherRepetition.defaults(),
                GopherQuality.defaults(),
                C4Quality.fineWeb(),
                FineWebQuality.defaults(),
                PrivateData.all());
    }

    /** One step after the other, until one drops the document; counts of all are added up. */
    public static Outcome apply(List<? extends TextStep> steps, Document document) {
        Document current = document;
        Map<String, Integer> counts = new TreeMap<>();
        for (TextStep step : steps) {
            Outcome outcome = step.apply(current);
            if (outcome instanceof Outcome.Kept kept) {
                kept.counts().forEach((name, times) -> counts.merge(name, times, Integer::sum));
                current = kept.document();
            } else {
                return outcome;
            }
        }
        return Outcome.keep(current, counts);
    }
}
