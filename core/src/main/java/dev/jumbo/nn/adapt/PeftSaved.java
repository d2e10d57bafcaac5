package dev.jumbo.nn.adapt;

import dev.jumbo.config.Components;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.FlatOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Layers that are trained as a whole. PEFT's names mean every path that ends in them, also in the midst of a word ({@code norm}: {@code input_layernorm}), those here the
 * paths that end in them behind a dot; a whole path means the same to both.
 *
 * @param paths whole paths, none inside of another
 * @param tied names of parameters that are one with one that is saved, with the name of that: here trained with it, by PEFT only where both are saved
 */
record PeftSaved(List<String> paths, Map<String, String> tied) {
    /** As PEFT reads the names; one that means nothing is passed over. */
    static PeftSaved of(Lora lora, Set<String> paths) {
        return new PeftSaved(
                outermost(paths, path -> lora.modulesToSave().stream().anyMatch(path::endsWith)), Map.of());
    }

    /** As they were trained here. @throws InputException if PEFT cannot train the same */
    static PeftSaved of(Lora lora, Set<String> paths, FlatOrder order) {
        List<String> whole =
                outermost(paths, path -> lora.modulesToSave().stream().anyMatch(saved -> Targets.isBelow(saved, path)));
        PeftSaved saved = new PeftSaved(whole, Map.of());
        Map<String, String> tied = new LinkedHashMap<>(order.tied());
        tied.keySet().removeIf(saved::has);
        tied.values().removeIf(of -> !saved.has(of));
        List<String> all = new ArrayList<>(whole);
        for (String name : tied.keySet()) {
            String path = name.substring(0, Math.max(0, name.lastIndexOf('.')));
            if (order.names().stream().anyMatch(each -> each.startsWith(path + "."))) {
                throw new InputException("PEFT saves the whole of a layer: expected " + path + ", whose " + name
                        + " is " + tied.get(name) + ", to have no other parameters; merge the adapter (jumbo merge)");
            }
            all.add(path);
        }
        return new PeftSaved(all, tied);
    }

    private static List<String> outermost(Collection<String> paths, Predicate<String> meant) {
        List<String> found = new ArrayList<>();
        for (String path : paths) {
            if (meant.test(path) && found.stream().noneMatch(each -> path.startsWith(each + "."))) {
                found.removeIf(each -> each.startsWith(path + "."));
                found.add(path);
            }
        }
        return found;
    }

    /** Whether a parameter is of such a layer. */
    boolean has(String parameter) {
        return paths.stream().anyMatch(path -> parameter.startsWith(path + "."));
    }

    /** The settings with the paths. */
    Lora in(Lora lora) {
        return Components.of(lora).with("modulesToSave", paths).record();
    }
}
