/// The definition of recurrent layers: one row of the batch at one time step after the other.
struct RecurrentReference<S: Scalar> {
  let shape: RecurrentShape
  let weights: [S]
  let mask: [S]?
  private(set) var tape: [S]

  init(_ shape: RecurrentShape, weights: [S], mask: [S]?, tape: [S]) {
    self.shape = shape
    self.weights = weights
    self.mask = mask
    self.tape = tape
  }

  private var cell: RecurrentCell { shape.cell }

  private func isSkipped(_ time: Int, _ row: Int) -> Bool {
    mask.map { $0[time * shape.batch + row] == 0 } ?? false
  }

  // MARK: The tape

  /// Where a row's values start, `width` of them at each row of a block.
  private func offset(_ start: Int, _ time: Int, _ row: Int, width: Int) -> Int {
    start + (time * shape.batch + row) * width
  }
  private func read(_ offset: Int) -> [S] { Array(tape[offset..<(offset + shape.units)]) }
  private mutating func write(_ values: [S], _ offset: Int) {
    tape.replaceSubrange(offset..<(offset + values.count), with: values)
  }
  private func part(_ gate: Int, _ values: [S]) -> [S] {
    Array(values[(gate * shape.units)..<((gate + 1) * shape.units)])
  }

  // MARK: Products

  /// `start[j] + Σ a[k]·U[k, j]` for the columns j of some gates, k ascending.
  private func product(_ a: [S], _ gates: Range<Int>, _ start: [S]) -> [S] {
    start.indices.map { index in
      let column = gates.lowerBound * shape.units + index
      return a.indices.reduce(start[index]) {
        $0.addingProduct(a[$1], weights[$1 * shape.width + column])
      }
    }
  }

  /// `start[k] + Σ d[j]·U[k, j]` over the columns j of some gates, j ascending.
  private func productBack(_ d: [S], _ gates: Range<Int>, _ start: [S]) -> [S] {
    start.indices.map { k in
      let first = k * shape.width + gates.lowerBound * shape.units
      return d.indices.reduce(start[k]) { $0.addingProduct(d[$1], weights[first + $1]) }
    }
  }

  // MARK: Forward

  mutating func run(_ x: [S], bias: [S]) {
    for time in 0..<shape.time {
      for row in 0..<shape.batch {
        let start = offset(0, time, row, width: shape.width)
        let sums = (0..<shape.width).map { x[start + $0] + bias[$0] }
        step(time, row, sums, Array(bias.dropFirst(shape.width)))
      }
    }
  }

  private mutating func step(_ time: Int, _ row: Int, _ sums: [S], _ recurrentBias: [S]) {
    let u = shape.units
    let place = offset(0, time, row, width: u)
    let h = read(place)
    var records: [[S]]
    var next: [S]
    switch cell.kind {
    case .simple:
      records = [product(h, 0..<1, sums).map(cell.activation.record)]
      next = records[0].map(cell.activation.value)
    case .lstm:
      let c = read(shape.second + place)
      let (new, gates) = lstm(c, product(h, 0..<4, sums))
      records = gates
      next = zip(gates[3], gates[4]).map { cell.inner.value($0) * cell.activation.value($1) }
      write(isSkipped(time, row) ? c : new, shape.second + place + shape.state)
    case .gruResetAfter:
      let q = product(h, 0..<3, recurrentBias)
      let gates = zip(sums[..<(2 * u)], q).map { cell.inner.record($0 + $1) }
      let s = (0..<u).map { j in
        cell.activation.record(sums[2 * u + j] + cell.inner.value(gates[u + j]) * q[2 * u + j])
      }
      records = [gates, s, part(2, q)]
      next = mix(part(0, gates), h, s)
    case .gruResetBefore:
      let gates = product(h, 0..<2, Array(sums[..<(2 * u)])).map(cell.inner.record)
      let reset = zip(part(1, gates), h).map { cell.inner.value($0) * $1 }
      write(reset, shape.second + place)
      let s = product(reset, 2..<3, part(2, sums)).map(cell.activation.record)
      records = [gates, s]
      next = mix(part(0, gates), h, s)
    }
    write(isSkipped(time, row) ? h : next, place + shape.state)
    write(
      Array(records.joined()), offset(shape.records, time, row, width: cell.recordCount * u))
  }

  /// The new cell state, and the records i, f, g, o, act(c).
  private func lstm(_ c: [S], _ sums: [S]) -> (c: [S], records: [[S]]) {
    let i = part(0, sums).map(cell.inner.record)
    let f = part(1, sums).map(cell.inner.record)
    let g = part(2, sums).map(cell.activation.record)
    let o = part(3, sums).map(cell.inner.record)
    let new = c.indices.map { j in
      cell.inner.value(f[j]) * c[j] + cell.inner.value(i[j]) * cell.activation.value(g[j])
    }
    return (new, [i, f, g, o, new.map(cell.activation.record)])
  }

  private func mix(_ z: [S], _ h: [S], _ s: [S]) -> [S] {
    h.indices.map { j in
      let open = cell.inner.value(z[j])
      return open * h[j] + (1 - open) * cell.activation.value(s[j])
    }
  }

  // MARK: Derivative

  /// Gradients on their way to earlier time steps, of one row.
  private struct Carried {
    var h: [S]
    var c: [S]
  }

  mutating func derivative(_ dy: [S], lastOnly: Bool) -> [S] {
    let (u, width) = (shape.units, shape.width)
    let block = shape.time * shape.batch * width
    var result = [S](repeating: 0, count: cell.biasRows * block)
    for row in 0..<shape.batch {
      let zeros = [S](repeating: 0, count: u)
      let last = offset(0, lastOnly ? 0 : shape.time - 1, row, width: u)
      var carried = Carried(h: Array(dy[last..<(last + u)]), c: zeros)
      for time in (0..<shape.time).reversed() {
        if time < shape.time - 1, !lastOnly {
          let place = offset(0, time, row, width: u)
          for j in 0..<u { carried.h[j] += dy[place + j] }
        }
        let (sums, products) = stepBack(time, row, &carried)
        let place = offset(0, time, row, width: width)
        result.replaceSubrange(place..<(place + width), with: sums)
        if cell.biasRows == 2 {
          result.replaceSubrange((block + place)..<(block + place + width), with: products)
        }
      }
    }
    return result
  }

  /// The gradients of a step's sums and of its recurrent products.
  private func stepBack(
    _ time: Int, _ row: Int, _ carried: inout Carried
  ) -> (sums: [S], products: [S]) {
    let u = shape.units
    let place = offset(0, time, row, width: u)
    let start = offset(shape.records, time, row, width: cell.recordCount * u)
    let records = (0..<cell.recordCount).map { read(start + $0 * u) }
    let zeros = [S](repeating: 0, count: shape.width)
    let kept = carried
    var sums = zeros
    var products = zeros
    if !isSkipped(time, row) {
      switch cell.kind {
      case .simple:
        sums = zip(records[0], kept.h).map(cell.activation.slope)
        carried.h = [S](repeating: 0, count: u)
      case .lstm: sums = lstmBack(records, read(shape.second + place), &carried)
      case .gruResetAfter:
        (sums, products) = resetAfterBack(records, read(place), &carried.h)
      case .gruResetBefore: sums = resetBeforeBack(records, read(place), &carried.h)
      }
    }
    let gates = cell.kind == .gruResetBefore ? 2 : cell.gateCount
    let factors = cell.kind == .gruResetAfter ? products : Array(sums[..<(gates * u)])
    carried.h = productBack(factors, 0..<gates, carried.h)
    return (sums, products)
  }

  private func lstmBack(_ records: [[S]], _ c: [S], _ carried: inout Carried) -> [S] {
    let (i, f, g) = (records[0], records[1], records[2])
    let (o, a) = (records[3], records[4])
    var parts = [[S]](repeating: [], count: 4)
    for j in c.indices {
      let dh = carried.h[j]
      let dc = carried.c[j] + cell.activation.slope(a[j], dh * cell.inner.value(o[j]))
      parts[0].append(cell.inner.slope(i[j], dc * cell.activation.value(g[j])))
      parts[1].append(cell.inner.slope(f[j], dc * c[j]))
      parts[2].append(cell.activation.slope(g[j], dc * cell.inner.value(i[j])))
      parts[3].append(cell.inner.slope(o[j], dh * cell.activation.value(a[j])))
      carried.c[j] = dc * cell.inner.value(f[j])
      carried.h[j] = 0
    }
    return Array(parts.joined())
  }

  private func resetAfterBack(
    _ records: [[S]], _ h: [S], _ dh: inout [S]
  ) -> (sums: [S], products: [S]) {
    let (z, r, s, q) = (records[0], records[1], records[2], records[3])
    var (gates, candidate, product): ([[S]], [S], [S]) = ([[], []], [], [])
    for j in h.indices {
      let open = cell.inner.value(z[j])
      let ds = cell.activation.slope(s[j], dh[j] * (1 - open))
      gates[0].append(cell.inner.slope(z[j], dh[j] * (h[j] - cell.activation.value(s[j]))))
      gates[1].append(cell.inner.slope(r[j], ds * q[j]))
      candidate.append(ds)
      product.append(ds * cell.inner.value(r[j]))
      dh[j] = dh[j] * open
    }
    let both = Array(gates.joined())
    return (both + candidate, both + product)
  }

  private func resetBeforeBack(_ records: [[S]], _ h: [S], _ dh: inout [S]) -> [S] {
    let (z, r, s) = (records[0], records[1], records[2])
    var (dz, dr, ds): ([S], [S], [S]) = ([], [], [])
    for j in h.indices {
      let open = cell.inner.value(z[j])
      dz.append(cell.inner.slope(z[j], dh[j] * (h[j] - cell.activation.value(s[j]))))
      ds.append(cell.activation.slope(s[j], dh[j] * (1 - open)))
      dh[j] = dh[j] * open
    }
    let reset = productBack(ds, 2..<3, [S](repeating: 0, count: h.count))
    for j in h.indices {
      dr.append(cell.inner.slope(r[j], reset[j] * h[j]))
      dh[j] = dh[j] + reset[j] * cell.inner.value(r[j])
    }
    return dz + dr + ds
  }
}
