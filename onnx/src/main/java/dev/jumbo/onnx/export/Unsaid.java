package dev.jumbo.onnx.export;

import dev.jumbo.data.Field;
import dev.jumbo.data.NoPreprocessing;
import dev.jumbo.data.table.encode.TableEncoding;
import dev.jumbo.train.checkpoint.ModelFile;
import java.util.ArrayList;
import java.util.List;

/** What a file of ONNX leaves to its callers, in words. */
final class Unsaid {
    private Unsaid() {}

    static List<String> of(ModelFile file, boolean raw) {
        List<String> all = new ArrayList<>();
        List<Field> given = raw ? Inputs.fields(file) : file.inputs();
        file.answeringTransforms().forEach((name, transform) -> {
            for (Field field : given) {
                if (field.name().equals(name)) {
                    all.add(name + ": " + transform.getClass().getSimpleName() + " is not in the file; give " + field);
                }
            }
        });
        Field first = given.get(0);
        if (first.shape().rank() == 3 && file.answeringTransforms().isEmpty()) {
            all.add(first.name() + ": pictures are decoded and resized before; give " + first
                    + (raw ? ", from 0 to 255, channels first" : ""));
        }
        if (file.preprocessing() instanceof TableEncoding table && raw) {
            all.add(first.name() + ": texts of a table are read before; give a number for each of the columns "
                    + table.layout().inputs().stream()
                            .map(input -> input.name())
                            .toList()
                    + ": numbers as they are, categories by their position in the metadata jumbo.preprocessing"
                    + " (-1 for others), NaN where a value is missing");
            if (table.clean() != null) {
                all.add(first.name() + ": the cleaning of single rows (data.clean) is not in the file");
            }
            all.add(first.name()
                    + ": a number that is too large for float32 becomes infinite, where predict refuses it");
        }
        if (!raw && !(file.preprocessing() instanceof NoPreprocessing)) {
            all.add(first.name() + ": preprocessing (metadata jumbo.preprocessing) is not in the file");
        }
        return all;
    }
}
