internal import StrataTensor

/// Batches of an epoch, ready to be staged: rows of arrays, or whole tensors from a source.
struct FeedBatch {
  var data: Dataset
  var rows: ArraySlice<Int>
}

protocol Feed {
  var sampleCount: Int? { get }
  /// Puts the samples in the order of the next epoch.
  mutating func reorder(_ random: inout ModelRandom)
  /// Hands the batches of an epoch to `body`, which returns false to stop.
  func forEachBatch(epoch: Int, _ body: (Int, FeedBatch) throws -> Bool) throws
}

/// How `fit` orders samples.
public enum Shuffle: Sendable, Hashable, Codable {
  case none
  case samples
  /// Whole batches change places; the incomplete last one stays last.
  case batches
}

/// Rows of arrays in memory, in an order that is shuffled on from epoch to epoch.
struct ArrayFeed: Feed {
  let data: Dataset
  let batchSize: Int
  let shuffle: Shuffle
  private var order: [Int]

  init(_ data: Dataset, batchSize: Int, shuffle: Shuffle) {
    self.data = data
    self.batchSize = batchSize
    self.shuffle = shuffle
    order = Array(0..<data.count)
  }

  var sampleCount: Int? { data.count }

  func forEachBatch(epoch: Int, _ body: (Int, FeedBatch) throws -> Bool) throws {
    for (index, start) in stride(from: 0, to: order.count, by: batchSize).enumerated() {
      let rows = order[start..<min(start + batchSize, order.count)]
      guard try body(index, FeedBatch(data: data, rows: rows)) else { return }
    }
  }

  /// The order is kept, so epochs build on one another.
  mutating func reorder(_ random: inout ModelRandom) {
    switch shuffle {
    case .none: return
    case .samples: random.shuffle(&order)
    case .batches:
      let whole = order.count / batchSize
      var blocks = (0..<whole).map { Array(order[$0 * batchSize..<($0 + 1) * batchSize]) }
      let rest = order[(whole * batchSize)...]
      random.shuffle(&blocks)
      order = blocks.flatMap(\.self) + rest
    }
  }
}

/// Batches made by a source, one epoch at a time.
struct SourceFeed<Source: BatchSource>: Feed {
  let source: Source
  /// Brings a batch into the model's form.
  let check: (Dataset) throws -> Dataset

  var sampleCount: Int? { source.sampleCount }

  /// The source has its own order.
  mutating func reorder(_ random: inout ModelRandom) {}

  func forEachBatch(epoch: Int, _ body: (Int, FeedBatch) throws -> Bool) throws {
    for (index, batch) in try source.batches(epoch: epoch).enumerated() {
      let data = try check(batch)
      let feed = FeedBatch(data: data, rows: Array(0..<data.count)[...])
      guard try body(index, feed) else { return }
    }
  }
}
