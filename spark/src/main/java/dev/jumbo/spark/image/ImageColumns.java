package dev.jumbo.spark.image;

import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import java.io.Serializable;
import java.util.List;
import java.util.function.Predicate;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/**
 * The two columns of a Parquet file that are read.
 *
 * @param image the column with bytes
 * @param label the column with text or whole numbers
 */
record ImageColumns(String image, String label) implements Serializable {
    private static final int INT_BITS = 32;

    /** Whether labels are numbers. @throws InputException if a column is not there, or not of its type */
    boolean areNumbers(MessageType schema, String file) {
        of(schema, file);
        return isNumber(schema.getType(label));
    }

    /** The part of a schema that is read. @throws InputException if a column is not there, or not of its type */
    MessageType of(MessageType schema, String file) {
        return new MessageType(
                schema.getName(),
                require(schema, image, ImageColumns::isBytes, "bytes", file),
                require(schema, label, type -> isText(type) || isNumber(type), "text or whole numbers", file));
    }

    private static Type require(MessageType schema, String column, Predicate<Type> fits, String what, String file) {
        List<String> known = schema.getFields().stream().map(Type::getName).toList();
        if (!known.contains(column)) {
            throw new InputException("expected a column \"" + column + "\" in " + file + ", found "
                    + Nearest.first(known) + "; name the right one");
        }
        Type type = schema.getType(column);
        if (!type.isPrimitive() || type.isRepetition(Type.Repetition.REPEATED) || !fits.test(type)) {
            throw new InputException("expected " + what + " in the column \"" + column + "\" of " + file + ", received "
                    + type + "; name another column");
        }
        return type;
    }

    private static boolean isBytes(Type type) {
        PrimitiveTypeName name = type.asPrimitiveType().getPrimitiveTypeName();
        return type.getLogicalTypeAnnotation() == null
                && (name == PrimitiveTypeName.BINARY || name == PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY);
    }

    private static boolean isText(Type type) {
        LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
        return meaning instanceof LogicalTypeAnnotation.StringLogicalTypeAnnotation
                || meaning instanceof LogicalTypeAnnotation.EnumLogicalTypeAnnotation;
    }

    private static boolean isNumber(Type type) {
        PrimitiveTypeName name = type.asPrimitiveType().getPrimitiveTypeName();
        LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
        boolean isWhole = name == PrimitiveTypeName.INT32 || name == PrimitiveTypeName.INT64;
        return isWhole
                && (meaning == null
                        || meaning instanceof LogicalTypeAnnotation.IntLogicalTypeAnnotation number
                                && (number.isSigned() || number.getBitWidth() < INT_BITS));
    }
}
