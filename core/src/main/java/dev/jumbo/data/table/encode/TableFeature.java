package dev.jumbo.data.table.encode;

/** How one raw value of a table becomes inputs of the network. */
public sealed interface TableFeature permits NumberFeature, CategoryFeature {
    /** How many inputs. */
    int width();

    /** Writes the inputs from position {@code at}. @param raw as {@link TableLayout.Input#raw} gives it */
    void encode(double raw, float[] out, int at);
}
