package dev.jllm.core.chat.jinja;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names of one scope and where each gets its value from when the scope is entered: Jinja's
 * scoping is decided before anything runs. A name that is only read comes from the context; one
 * that is assigned starts with the value of the enclosing scope, if that has the name; an
 * assignment in one branch of an {@code if} leaves the outer value in the others.
 */
final class Symbols {
  /** Where a name's first value comes from. */
  private enum Load {
    PARAMETER,
    CONTEXT,
    ENCLOSING,
    UNDEFINED
  }

  private final @Nullable Symbols parent;
  private final Map<String, Integer> slots;
  private final Set<String> refs;
  private final Map<String, Load> loads;
  private final Set<String> stores;

  private Symbols(
      @Nullable Symbols parent,
      Map<String, Integer> slots,
      Set<String> refs,
      Map<String, Load> loads,
      Set<String> stores) {
    this.parent = parent;
    this.slots = slots;
    this.refs = refs;
    this.loads = loads;
    this.stores = stores;
  }

  Symbols(@Nullable Symbols parent) {
    this(parent, new HashMap<>(), new HashSet<>(), new LinkedHashMap<>(), new HashSet<>());
  }

  /** A branch: shares the slots, not the knowledge. */
  Symbols branch() {
    return new Symbols(
        parent, slots, new HashSet<>(refs), new LinkedHashMap<>(loads), new HashSet<>(stores));
  }

  private void define(String name, Load load) {
    refs.add(name);
    slots.putIfAbsent(name, slots.size());
    loads.put(name, load);
  }

  private boolean isKnown(String name) {
    for (Symbols s = this; s != null; s = s.parent) {
      if (s.refs.contains(name)) {
        return true;
      }
    }
    return false;
  }

  private boolean isEnclosing(String name) {
    return parent != null && parent.isKnown(name);
  }

  void read(String name) {
    if (!isKnown(name)) {
      define(name, Load.CONTEXT);
    }
  }

  void assign(String name) {
    stores.add(name);
    if (!refs.contains(name)) {
      define(name, isEnclosing(name) ? Load.ENCLOSING : Load.UNDEFINED);
    }
  }

  int parameter(String name) {
    stores.add(name);
    define(name, Load.PARAMETER);
    return slots.get(name);
  }

  /** Joins what the branches of an {@code if} have learnt. */
  void join(List<Symbols> branches) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (Symbols branch : branches) {
      for (String name : branch.stores) {
        if (!stores.contains(name)) {
          counts.merge(name, 1, Integer::sum);
        }
      }
    }
    for (Symbols branch : branches) {
      refs.addAll(branch.refs);
      loads.putAll(branch.loads);
      stores.addAll(branch.stores);
    }
    counts.forEach(
        (name, count) -> {
          if (count < branches.size()) {
            loads.put(name, isEnclosing(name) ? Load.ENCLOSING : Load.CONTEXT);
          }
        });
  }

  int size() {
    return slots.size();
  }

  /** How many scopes out, in the upper half, and which slot there, in the lower. */
  long find(String name) {
    long hops = 0;
    for (Symbols s = this; s != null; s = s.parent) {
      if (s.refs.contains(name)) {
        return hops << 32 | s.slots.get(name);
      }
      hops++;
    }
    throw new IllegalStateException("A name was not declared: " + name);
  }

  /** What entering the scope does, once everything is declared. */
  Entry entry() {
    String[] names = loads.keySet().toArray(new String[0]);
    int n = names.length;
    int[] slot = new int[n];
    int[] hops = new int[n];
    int[] outer = new int[n];
    for (int i = 0; i < n; i++) {
      slot[i] = slots.get(names[i]);
      switch (loads.get(names[i])) {
        case PARAMETER -> hops[i] = Entry.KEEP;
        case CONTEXT -> hops[i] = Entry.CONTEXT;
        case ENCLOSING -> {
          long place = find(parent, names[i]);
          hops[i] = (int) (place >> 32) + 1;
          outer[i] = (int) place;
        }
        default -> hops[i] = Entry.CLEAR;
      }
    }
    return new Entry(names, slot, hops, outer);
  }

  private static long find(@Nullable Symbols symbols, String name) {
    if (symbols == null) {
      throw new IllegalStateException("A name has no enclosing scope: " + name);
    }
    return symbols.find(name);
  }

  /** The first values of a scope's names. */
  record Entry(String[] names, int[] slot, int[] hops, int[] outer) {
    private static final int KEEP = -1;
    private static final int CONTEXT = -2;
    private static final int CLEAR = -3;

    void enter(Scope scope) {
      for (int i = 0; i < names.length; i++) {
        switch (hops[i]) {
          case KEEP -> {}
          case CONTEXT -> scope.slots[slot[i]] = scope.rendering.resolve(names[i]);
          case CLEAR -> scope.slots[slot[i]] = null;
          default -> scope.slots[slot[i]] = scope.get(hops[i], outer[i]);
        }
      }
    }

    /** After a loop: what closures still see of it is undefined. */
    void leave(Scope scope) {
      Arrays.fill(scope.slots, null);
    }
  }
}
