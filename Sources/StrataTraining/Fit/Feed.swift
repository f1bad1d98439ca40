internal import StrataTensor

/// Batches of an epoch, ready to be staged: rows of arrays, or whole tensors from a source.
struct FeedBatch {
  var data: Dataset
  var rows: ArraySlice<Int>
}

protocol Feed {
  var sampleCount: Int? { get }
  /// The order of the samples, if they are in memory; one of another length is not taken.
  var order: [Int]? { get set }
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
  private var rows: [Int]

  var order: [Int]? {
    get { rows }
    set { if let newValue, newValue.count == rows.count { rows = newValue } }
  }

  init(_ data: Dataset, batchSize: Int, shuffle: Shuffle) {
    self.data = data
    self.batchSize = batchSize
    self.shuffle = shuffle
    rows = Array(0..<data.count)
  }

  var sampleCount: Int? { data.count }

  func forEachBatch(epoch: Int, _ body: (Int, FeedBatch) throws -> Bool) throws {
    for (index, start) in stride(from: 0, to: rows.count, by: batchSize).enumerated() {
      let batch = rows[start..<min(start + batchSize, rows.count)]
      guard try body(index, FeedBatch(data: data, rows: batch)) else { return }
    }
  }

  /// The order is kept, so epochs build on one another.
  mutating func reorder(_ random: inout ModelRandom) {
    switch shuffle {
    case .none: return
    case .samples: rows = random.permutation(rows.count).map { rows[$0] }
    case .batches:
      let whole = rows.count / batchSize
      let order = random.permutation(whole)
      let rest = rows[(whole * batchSize)...]
      rows = order.flatMap { rows[$0 * batchSize..<($0 + 1) * batchSize] } + rest
    }
  }
}

/// Batches made by a source, one epoch at a time.
struct SourceFeed<Source: BatchSource>: Feed {
  let source: Source
  /// Brings a batch into the model's form.
  let check: (Dataset) throws -> Dataset

  var sampleCount: Int? { source.sampleCount }

  var order: [Int]? {
    get { nil }
    set {}
  }

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
