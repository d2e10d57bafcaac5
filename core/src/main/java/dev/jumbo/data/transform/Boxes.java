package dev.jumbo.data.transform;

import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import java.util.ArrayList;
import java.util.List;

/** Which fields of an example are boxes that go where its picture goes. */
final class Boxes {
    private Boxes() {}

    /** Places among inputs and targets; none where no transform changes a picture. @param open of the inputs */
    static List<Integer> of(OpenTransforms open, List<Field> targets) {
        List<Field> all = new ArrayList<>(open.outputs());
        all.addAll(targets);
        List<Integer> places = new ArrayList<>();
        boolean pictures = false;
        for (int group = 0; group < open.groups(); group++) {
            pictures |= open.changes(group)
                    && open.outputs(group).stream().anyMatch(field -> field.meaning() instanceof Meaning.Image);
        }
        for (int i = 0; pictures && i < all.size(); i++) {
            if (all.get(i).meaning() instanceof Meaning.Boxes) {
                places.add(i);
            }
        }
        return places;
    }
}
