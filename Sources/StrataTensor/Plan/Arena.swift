/// Places buffers in one block of memory by their lifetimes: first fit, in order of birth.
struct Arena {
  private var free: [Range<Int>] = []
  private(set) var byteCount = 0

  mutating func allocate(_ bytes: Int) -> Range<Int> {
    let size = max((bytes + 63) / 64 * 64, 64)
    if let index = free.firstIndex(where: { $0.count >= size }) {
      let range = free[index].lowerBound..<(free[index].lowerBound + size)
      free[index] = range.upperBound..<free[index].upperBound
      if free[index].isEmpty { free.remove(at: index) }
      return range
    }
    // Grow, taking in a free block at the end.
    let start = free.last?.upperBound == byteCount ? free.removeLast().lowerBound : byteCount
    byteCount = start + size
    return start..<byteCount
  }

  mutating func release(_ range: Range<Int>) {
    let index = free.firstIndex { $0.lowerBound > range.lowerBound } ?? free.endIndex
    free.insert(range, at: index)
    if index + 1 < free.count, free[index].upperBound == free[index + 1].lowerBound {
      free[index] = free[index].lowerBound..<free[index + 1].upperBound
      free.remove(at: index + 1)
    }
    if index > 0, free[index - 1].upperBound == free[index].lowerBound {
      free[index - 1] = free[index - 1].lowerBound..<free[index].upperBound
      free.remove(at: index)
    }
  }
}
