package dev.jumbo.data.clean.rules;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A part of an expression. */
sealed interface Node {
    /** Of one row. */
    Value of(Cells row);

    /** Whether it can only be true or false. */
    default boolean isCondition() {
        return false;
    }

    /** The texts of a row by the name of a column; null: missing. */
    interface Cells {
        @Nullable
        String text(String column);
    }

    record Constant(Value value) implements Node {
        @Override
        public Value of(Cells row) {
            return value;
        }

        @Override
        public boolean isCondition() {
            return value instanceof Value.Truth;
        }
    }

    record Named(String column) implements Node {
        @Override
        public Value of(Cells row) {
            String text = row.text(column);
            return text == null ? Value.Unknown.MISSING : new Value.Text(text, false);
        }
    }

    record Calculated(Arithmetic how, Node left, Node right) implements Node {
        @Override
        public Value of(Cells row) {
            return how.of(left.of(row), right.of(row));
        }
    }

    record Compared(Comparing how, Node left, Node right) implements Node {
        @Override
        public Value of(Cells row) {
            return how.of(left.of(row), right.of(row));
        }

        @Override
        public boolean isCondition() {
            return true;
        }
    }

    /** Whether a value equals one of a list. */
    record Among(Node value, List<Node> list) implements Node {
        @Override
        public Value of(Cells row) {
            Value sought = value.of(row);
            Value result = new Value.Truth(false);
            for (Node node : list) {
                Value found = Comparing.EQUAL.of(sought, node.of(row));
                if (found instanceof Value.Truth truth && truth.holds()) {
                    return found;
                }
                Value absent = Value.absent(found);
                result = absent == null ? result : absent;
            }
            return result;
        }

        @Override
        public boolean isCondition() {
            return true;
        }
    }

    /** Whether a value is missing; what cannot be calculated is not. */
    record Absent(Node value) implements Node {
        @Override
        public Value of(Cells row) {
            Value found = value.of(row);
            return found instanceof Value.Unfit ? found : new Value.Truth(found == Value.Unknown.MISSING);
        }

        @Override
        public boolean isCondition() {
            return true;
        }
    }

    record Not(Node condition) implements Node {
        @Override
        public Value of(Cells row) {
            Value value = condition.of(row);
            return value instanceof Value.Truth truth ? new Value.Truth(!truth.holds()) : value;
        }

        @Override
        public boolean isCondition() {
            return true;
        }
    }

    /** And: false as soon as one is false; or: true as soon as one is true. @param all whether it is and */
    record Joined(boolean all, Node left, Node right) implements Node {
        @Override
        public Value of(Cells row) {
            Value one = left.of(row);
            if (one instanceof Value.Truth truth && truth.holds() != all) {
                return one;
            }
            Value two = right.of(row);
            if (two instanceof Value.Truth truth && truth.holds() != all) {
                return two;
            }
            Value absent = Value.absent(one, two);
            return absent == null ? two : absent;
        }

        @Override
        public boolean isCondition() {
            return true;
        }
    }

    /** @param function takes the values of arguments, none of which is missing */
    record Called(Function<List<Value>, Value> function, List<Node> arguments, boolean condition) implements Node {
        @Override
        public Value of(Cells row) {
            List<Value> values = arguments.stream().map(node -> node.of(row)).toList();
            Value absent = Value.absent(values.toArray(new Value[0]));
            return absent == null ? function.apply(values) : absent;
        }

        @Override
        public boolean isCondition() {
            return condition;
        }
    }
}
