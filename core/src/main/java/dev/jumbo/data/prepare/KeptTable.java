package dev.jumbo.data.prepare;

import dev.jumbo.data.source.DataParts;
import dev.jumbo.data.source.DataSource;
import dev.jumbo.data.table.ColumnType;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TableColumn;
import dev.jumbo.data.table.Truth;
import dev.jumbo.data.table.encode.TableEncoding;
import dev.jumbo.data.table.encode.TableLayout;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tables as a model that exists takes them: its columns in its order, its categories, its scale of numbers. Nothing is fitted.
 *
 * @param kept the model's encoding
 */
record KeptTable(TableData data, TableEncoding kept) implements DataSource {
    private static final Logger LOG = LoggerFactory.getLogger(KeptTable.class);
    private static final int SHOWN = 5;

    @Override
    public DataParts load(@Nullable Path dir, Path out) {
        return data.load(dir, out, this);
    }

    /**
     * The model's inputs and this data's targets. The classes of a target that the model had are in its order.
     *
     * @param table the cleaned training table
     * @param found what its columns are by themselves
     * @throws InputException with all columns that are missing or too many, or whose categories are all unknown
     */
    TableLayout layout(Table table, TableLayout found) {
        List<String> wanted =
                kept.layout().inputs().stream().map(TableLayout.Input::name).toList();
        List<String> missing = new ArrayList<>();
        for (String name : wanted) {
            if (!table.names().contains(name) || found.isTarget(name)) {
                missing.add(name + (found.isTarget(name) ? " (it is the target)" : Nearest.hint(name, table.names())));
            }
        }
        List<String> extra = found.inputs().stream()
                .map(TableLayout.Input::name)
                .filter(name -> !wanted.contains(name))
                .toList();
        if (!missing.isEmpty() || !extra.isEmpty()) {
            throw new InputException("init_preprocessing: expected the columns " + wanted
                    + " of the checkpoint, whose encoding is kept; received "
                    + (missing.isEmpty() ? "" : "missing: " + String.join(", ", missing))
                    + (missing.isEmpty() || extra.isEmpty() ? "" : "; ")
                    + (extra.isEmpty()
                            ? ""
                            : "too many: " + String.join(", ", extra) + "; write columns: {" + extra.get(0)
                                    + ": ignore}"));
        }
        if (!data.inputs().isEmpty() && !sameGroups()) {
            throw new InputException("inputs: expected the groups " + kept.groups()
                    + " of the checkpoint, whose encoding is kept, received " + data.inputs());
        }
        kept.layout().inputs().stream()
                .filter(input -> input.type() == ColumnType.CATEGORY)
                .forEach(input -> say(table, input));
        List<TableLayout.Target> targets =
                found.targets().stream().map(this::target).toList();
        return new TableLayout(kept.layout().inputs(), targets.get(0), targets.subList(1, targets.size()));
    }

    private boolean sameGroups() {
        boolean same = data.inputs().keySet().equals(kept.groups().keySet());
        for (String group : kept.groups().keySet()) {
            same = same
                    && Set.copyOf(data.inputs().get(group))
                            .equals(Set.copyOf(kept.groups().get(group)));
        }
        return same;
    }

    /** With the classes of the model where it has all of this data's. */
    private TableLayout.Target target(TableLayout.Target found) {
        return kept.layout().targets().stream()
                .filter(target -> target.name().equals(found.name())
                        && new HashSet<>(target.classes()).containsAll(found.classes())
                        && !found.classes().isEmpty())
                .findFirst()
                .orElse(found);
    }

    /** What the model does not know of a column. */
    private static void say(Table table, TableLayout.Input input) {
        TableColumn column = table.column(input.name());
        Set<String> unknown = new LinkedHashSet<>();
        long rows = 0;
        long present = 0;
        for (int row = 0; row < table.rows(); row++) {
            String text = column.text(row);
            present += text == null ? 0 : 1;
            if (text != null && Truth.position(input.categories(), text) < 0) {
                unknown.add(text);
                rows++;
            }
        }
        if (rows > 0 && rows == present) {
            throw new InputException("init_preprocessing: expected categories of " + input.name()
                    + " that the checkpoint knows, received none of " + Nearest.first(input.categories()) + " but "
                    + Nearest.first(unknown) + "; leave init_preprocessing out to fit the encoding anew");
        }
        if (rows > 0) {
            LOG.warn(
                    "init_preprocessing: {} of {} rows have categories of {} that the checkpoint does not know, taken as"
                            + " rare ones or as none: {}",
                    rows,
                    table.rows(),
                    input.name(),
                    Nearest.first(unknown.stream().limit(SHOWN).toList()) + (unknown.size() > SHOWN ? ", ..." : ""));
        }
    }

    /** The model's encoding for rows of a layout that {@link #layout} made. */
    TableEncoding encoding(TableLayout layout) {
        return new TableEncoding(layout, data.train().missing(), kept.features(), List.of(), null, null, kept.groups());
    }
}
