package dev.jumbo.cli;

import dev.jumbo.data.Column;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.arrays.ArrayColumns;
import dev.jumbo.data.arrays.ArrayFile;
import dev.jumbo.data.sets.RaggedDataset;
import dev.jumbo.data.table.encode.TableEncoding;
import dev.jumbo.error.InputException;
import dev.jumbo.train.checkpoint.ModelFile;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Examples that a checkpoint is measured on, from a file with an array for each of its inputs and targets. */
final class ArrayData {
    private ArrayData() {}

    /** @throws InputException with all arrays that are missing, of another shape or unknown, or with the first value that does not fit */
    static Dataset read(Path file, ModelFile model) {
        boolean arrays = !(model.preprocessing() instanceof TableEncoding)
                && model.dataPreprocessing() == null
                && model.rawInputs().stream().noneMatch(Field::isBytes);
        if (!arrays) {
            throw new InputException(
                    file + ": expected a model whose inputs are arrays, this one takes "
                            + model.rawInputs().stream().map(Field::name).toList()
                            + " of a table, texts or files; set the data of another source, as in --set data.dataset....test=FILE");
        }
        int inputs = model.rawInputs().size();
        List<Field> fields = Stream.concat(model.rawInputs().stream(), model.targets().stream())
                .toList();
        try (ArrayFile from = ArrayFile.open(file)) {
            List<Column> columns = ArrayColumns.read(from, file.toString(), fields, List.of())
                    .requireAll(file.toString())
                    .columns();
            return RaggedDataset.of(columns.subList(0, inputs), columns.subList(inputs, columns.size()));
        }
    }
}
