package dev.jumbo.onnx.graph;

import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values by name, as {@link dev.jumbo.tensor.Tensors} are when a model runs: the first is the main one, the others are side inputs. */
public final class Values {
    private final Map<String, Value> byName;

    private Values(Map<String, Value> byName) {
        this.byName = Collections.unmodifiableMap(byName);
    }

    /** In order, one or more. */
    public static Values of(Map<String, Value> byName) {
        return new Values(new LinkedHashMap<>(byName));
    }

    /** One value. */
    public static Values of(Value main) {
        return new Values(Map.of(Specs.MAIN, main));
    }

    public Value main() {
        return byName.values().iterator().next();
    }

    public String mainName() {
        return byName.keySet().iterator().next();
    }

    public @Nullable Value get(String name) {
        return byName.get(name);
    }

    /** Also checked before by {@link Specs}. */
    public Value require(String name) {
        Value found = byName.get(name);
        if (found == null) {
            throw new Unsayable("it reads \"" + name + "\", which is not given");
        }
        return found;
    }

    public boolean has(String name) {
        return byName.containsKey(name);
    }

    /** In order. */
    public Map<String, Value> byName() {
        return byName;
    }

    /** What describes them. */
    public Specs specs() {
        Map<String, Spec> specs = new LinkedHashMap<>();
        byName.forEach((name, value) -> specs.put(name, value.spec()));
        return Specs.of(specs);
    }

    /** The same with another in the first place. */
    public Values withMain(Value main) {
        return with(mainName(), main);
    }

    /** The same with one more, or another in the place of that name. */
    public Values with(String name, Value value) {
        Map<String, Value> next = new LinkedHashMap<>(byName);
        next.put(name, value);
        return new Values(next);
    }

    /** What the next layer of a row is given, as {@link Specs#then}. */
    public Values then(Values made) {
        Map<String, Value> next = new LinkedHashMap<>(made.byName);
        byName.entrySet().stream().skip(1).forEach(entry -> next.putIfAbsent(entry.getKey(), entry.getValue()));
        return new Values(next);
    }
}
