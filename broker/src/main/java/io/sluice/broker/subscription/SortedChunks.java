package io.sluice.broker.subscription;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A sorted set in arrays of up to {@value #CHUNK} elements: five to eight bytes an element, where a
 * tree takes fifty and more, and what is searched lies together. Guarded by its owner; it must not
 * change while it is iterated.
 */
final class SortedChunks<T> implements Iterable<T> {

  private static final int CHUNK = 64;
  private static final int FIRST_CAPACITY = 4;

  /** Sorted, never empty, each before the next. */
  private static final class Chunk {
    private Object[] elements = new Object[FIRST_CAPACITY];
    private int size;

    void insert(int index, Object element) {
      if (size == elements.length) {
        elements = Arrays.copyOf(elements, Math.min(CHUNK, 2 * size));
      }
      System.arraycopy(elements, index, elements, index + 1, size - index);
      elements[index] = element;
      size++;
    }

    Object remove(int index) {
      Object removed = elements[index];
      size--;
      System.arraycopy(elements, index + 1, elements, index, size - index);
      elements[size] = null;
      if (elements.length > FIRST_CAPACITY && size <= elements.length / 4) {
        elements = Arrays.copyOf(elements, elements.length / 2);
      }
      return removed;
    }

    /** What stands from {@code index} on, as a chunk of its own. */
    Chunk split(int index) {
      Chunk rest = new Chunk();
      rest.elements = Arrays.copyOfRange(elements, index, index + CHUNK);
      rest.size = size - index;
      Arrays.fill(elements, index, size, null);
      size = index;
      return rest;
    }

    void append(Chunk next) {
      elements = Arrays.copyOf(elements, CHUNK);
      System.arraycopy(next.elements, 0, elements, size, next.size);
      size += next.size;
    }
  }

  private final Comparator<? super T> order;
  private final List<Chunk> chunks = new ArrayList<>(1);
  private int size;

  SortedChunks(Comparator<? super T> order) {
    this.order = order;
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** The least element; there must be one. */
  T first() {
    return element(chunks.getFirst(), 0);
  }

  /** The greatest element; there must be one. */
  T last() {
    Chunk last = chunks.getLast();
    return element(last, last.size - 1);
  }

  /** Adds an element; none that is equal to it may be there. */
  void add(T element) {
    size++;
    if (chunks.isEmpty()) {
      chunks.add(new Chunk());
      chunks.getFirst().insert(0, element);
      return;
    }
    int at = Math.min(chunkOf(element), chunks.size() - 1);
    Chunk chunk = chunks.get(at);
    int index = -indexIn(chunk, element) - 1;
    if (chunk.size == CHUNK) {
      // Most come in order: the last chunk stays full then.
      int half = at == chunks.size() - 1 && index == CHUNK ? CHUNK : CHUNK / 2;
      Chunk rest = half == CHUNK ? new Chunk() : chunk.split(half);
      chunks.add(at + 1, rest);
      if (index > half || half == CHUNK) {
        chunk = rest;
        index -= half;
      }
    }
    chunk.insert(index, element);
  }

  /** The element that is equal to {@code probe} in the order; null when there is none. */
  @Nullable T find(T probe) {
    int at = chunkOf(probe);
    if (at == chunks.size()) {
      return null;
    }
    int index = indexIn(chunks.get(at), probe);
    return index < 0 ? null : element(chunks.get(at), index);
  }

  /** Removes and returns what {@link #find} finds. */
  @Nullable T remove(T probe) {
    int at = chunkOf(probe);
    int index = at == chunks.size() ? -1 : indexIn(chunks.get(at), probe);
    if (index < 0) {
      return null;
    }
    Chunk chunk = chunks.get(at);
    @SuppressWarnings("unchecked") // only add puts any in
    T removed = (T) chunk.remove(index);
    size--;
    if (chunk.size == 0) {
      chunks.remove(at);
    } else if (chunk.size <= CHUNK / 4) {
      mergeWithNeighbour(at);
    }
    return removed;
  }

  /** Keeps chunks from staying nearly empty, each of them among others that are. */
  private void mergeWithNeighbour(int at) {
    int left = at > 0 ? at - 1 : at;
    if (left + 1 < chunks.size()
        && chunks.get(left).size + chunks.get(left + 1).size <= CHUNK / 2) {
      chunks.get(left).append(chunks.remove(left + 1));
    }
  }

  /** The first chunk whose last element is not less; the number of chunks when there is none. */
  private int chunkOf(T element) {
    int low = 0;
    int high = chunks.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      Chunk chunk = chunks.get(middle);
      if (order.compare(element(chunk, chunk.size - 1), element) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** As {@link Arrays#binarySearch(Object[], Object)}. */
  private int indexIn(Chunk chunk, T element) {
    int low = 0;
    int high = chunk.size - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int compared = order.compare(element(chunk, middle), element);
      if (compared == 0) {
        return middle;
      }
      if (compared < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -(low + 1);
  }

  @SuppressWarnings("unchecked") // only add puts any in
  private T element(Chunk chunk, int index) {
    return (T) chunk.elements[index];
  }

  @Override
  public Iterator<T> iterator() {
    return new Iterator<>() {
      private int chunk;
      private int index;

      @Override
      public boolean hasNext() {
        return chunk < chunks.size();
      }

      @Override
      public T next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        T next = element(chunks.get(chunk), index++);
        if (index == chunks.get(chunk).size) {
          chunk++;
          index = 0;
        }
        return next;
      }
    };
  }
}
