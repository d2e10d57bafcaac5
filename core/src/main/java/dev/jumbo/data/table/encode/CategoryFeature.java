package dev.jumbo.data.table.encode;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import java.util.Arrays;
import java.util.List;

/**
 * A category as one input for each place, 1 at the value's own and 0 elsewhere. A place is only made for what the
 * training split had; rare categories share one ("other"), which then also takes categories that were never seen. Where
 * nothing was rare, an unseen category is 0 everywhere.
 */
@Kind("category")
public record CategoryFeature(
        @Doc("The place of each category; -1: none.") List<Integer> places,
        @Doc("The place of other categories; -1: none.") int other,
        @Doc("The place of a missing value; -1: none.") int missing,
        @Doc("Number of places.") int width)
        implements TableFeature {

    public CategoryFeature {
        places = List.copyOf(places);
    }

    @Override
    public void encode(double raw, float[] out, int at) {
        Arrays.fill(out, at, at + width, 0);
        boolean known = raw >= 0 && raw < places.size();
        int place = Double.isNaN(raw) ? missing : known ? places.get((int) raw) : other;
        if (place >= 0) {
            out[at + place] = 1;
        }
    }
}
