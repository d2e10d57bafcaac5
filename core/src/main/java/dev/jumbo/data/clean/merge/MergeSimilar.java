package dev.jumbo.data.clean.merge;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.clean.Proposal;
import dev.jumbo.data.table.Table;
import dev.jumbo.error.InputException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Spellings of the same category. Without more, merges are only proposed: {@code prepare} writes them to a file, somebody
 * puts yes in the column {@code accept} where they are right, and the configuration names the file in {@code accepted}.
 * {@code apply: true} merges all that is found, unseen.
 */
@Kind("merge_similar")
public record MergeSimilar(
        @Doc("Columns with categories.") List<String> columns,

        @Doc(
                "fingerprint (the same words in any order, case and punctuation), ngram (the same pairs of letters), edit (few"
                        + " letters differ); those behind see what those in front left.")
        @Default("[fingerprint, edit]")
        List<Method> methods,

        @Doc("For edit: the most letters that may differ.") @Default("1")
        int distance,

        @Doc("The file of proposals, in which accept says yes or no.") @Default("null") @Nullable
        Path accepted,

        @Doc("Merge all that is found without asking.") @Default("false")
        boolean apply,

        @Doc("What was accepted, by column; written by a run for its model.") @Default("{}")
        Map<String, Map<String, String>> merges)
        implements CleaningStep {

    /** How spellings are found. */
    public enum Method {
        FINGERPRINT,
        NGRAM,
        EDIT
    }

    public MergeSimilar {
        columns = List.copyOf(columns);
        methods = List.copyOf(methods);
        merges = merges.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, each -> Map.copyOf(each.getValue())));
        if (columns.isEmpty() || methods.isEmpty() || distance < 1 || distance > 3) {
            throw new InputException("expected columns, methods and a distance from 1 to 3 in merge_similar, received "
                    + columns + ", " + methods + " and " + distance);
        }
        if (apply && accepted != null) {
            throw new InputException("expected accepted or apply: true in merge_similar, received both");
        }
    }

    /** Proposes. */
    public static MergeSimilar of(String... columns) {
        return new MergeSimilar(List.of(columns), List.of(Method.FINGERPRINT, Method.EDIT), 1, null, false, Map.of());
    }

    @Override
    public boolean isLocal() {
        return accepted != null || !merges.isEmpty();
    }

    @Override
    public CleaningStep resolved() {
        return accepted == null ? this : with(Merges.read(accepted, columns));
    }

    /** This step with merges that are to be made, whatever there is to accept. */
    public MergeSimilar with(List<Proposal> proposals) {
        Map<String, Map<String, String>> found = new LinkedHashMap<>();
        columns.forEach(column -> found.put(column, new LinkedHashMap<>()));
        proposals.forEach(p -> found.getOrDefault(p.column(), new HashMap<>()).put(p.from(), p.to()));
        return with(found);
    }

    private MergeSimilar with(Map<String, Map<String, String>> known) {
        return new MergeSimilar(columns, methods, distance, null, false, known);
    }

    @Override
    public CleaningStep fitted(Table table) {
        if (!apply || !merges.isEmpty()) {
            return this;
        }
        return with(proposals(table));
    }

    @Override
    public Table prepare(Table table) {
        return CleaningStep.withTexts(table, CleaningStep.positions(table, columns));
    }

    @Override
    public void apply(Table table, Edits edits) {
        CleaningStep ready = resolved().fitted(table);
        if (ready != this) {
            ready.apply(table, edits);
        } else if (merges.isEmpty()) {
            propose(table, edits);
        } else {
            merges.forEach((name, map) -> {
                int column = table.indexOf(name);
                for (int row = 0; row < table.rows(); row++) {
                    String text = table.text(row, column);
                    String to = text == null ? null : map.get(text);
                    if (to != null) {
                        edits.set(row, column, to, "another spelling");
                    }
                }
            });
        }
    }

    private void propose(Table table, Edits edits) {
        List<Proposal> proposals = proposals(table);
        proposals.forEach(edits::propose);
        for (String name : columns) {
            Map<String, Proposal> of = new HashMap<>();
            proposals.stream().filter(p -> p.column().equals(name)).forEach(p -> of.put(p.from(), p));
            int column = table.indexOf(name);
            for (int row = 0; row < table.rows(); row++) {
                Proposal proposal = of.get(String.valueOf(table.text(row, column)));
                if (proposal != null && table.text(row, column) != null) {
                    edits.flag(row, column, "may be \"" + proposal.to() + "\": " + proposal.why());
                }
            }
        }
    }

    private List<Proposal> proposals(Table table) {
        Map<String, Map<String, Long>> counts = new HashMap<>();
        for (String name : columns) {
            int column = table.indexOf(name);
            Map<String, Long> of = new HashMap<>();
            for (int row = 0; row < table.rows(); row++) {
                String text = table.text(row, column);
                if (text != null) {
                    of.merge(text, 1L, Long::sum);
                }
            }
            counts.put(name, of);
        }
        return proposals(counts);
    }

    /** What may be merged. @param counts how many rows have each value, by column */
    public List<Proposal> proposals(Map<String, Map<String, Long>> counts) {
        return columns.stream()
                .flatMap(name -> Clusters.of(name, counts.getOrDefault(name, Map.of()), methods, distance).stream())
                .toList();
    }
}
