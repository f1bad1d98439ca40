import CStrataKernels

extension Kernel {
  // MARK: Recurrent layers

  static var recurrent: [Kernel] {
    [
      cell("LSTM", STRATA_LSTM, gates: 4, records: 5, time: 50, batch: 64, units: 128),
      cell("LSTM", STRATA_LSTM, gates: 4, records: 5, time: 80, batch: 64, units: 256),
      cell("GRU", STRATA_GRU_RESET_AFTER, gates: 3, records: 4, time: 50, batch: 64, units: 128),
      cell("LSTM", STRATA_LSTM, gates: 4, records: 5, time: 50, batch: 1, units: 128),
    ].flatMap(\.self)
  }

  /// The steps of a layer over time and their derivative, without the products of the inputs.
  private static func cell(
    _ name: String, _ kind: strata_recurrent_kind, gates: Int, records: Int, time: Int,
    batch: Int, units: Int
  ) -> [Kernel] {
    let state = batch * units
    let second = kind == STRATA_LSTM ? (time + 1) * state : 0
    let tape = (time + 1) * state + second + time * state * records
    let isGRU = kind == STRATA_GRU_RESET_AFTER
    let sizes = [
      time, batch, units, Int(kind.rawValue), Int(STRATA_GATE_TANH.rawValue),
      Int(STRATA_GATE_SIGMOID.rawValue), 0,
    ]
    let sums = time * state * gates
    let product = units * units * gates
    let operations = Work.operations(2 * Double(time * batch) * Double(product))
    let shape = "t\(time) n\(batch) u\(units)"
    return [
      Kernel(family: "\(name) steps", shape: shape, work: operations) { program in
        let buffers = [tape, sums, product, gates * units * (isGRU ? 2 : 1)].map(program.buffer)
        program.append(STRATA_RECURRENT, buffers, sizes: sizes)
      },
      Kernel(family: "\(name) derivative", shape: shape, work: operations) { program in
        let buffers = [sums * (isGRU ? 2 : 1), time * state, tape, product].map(program.buffer)
        program.append(STRATA_RECURRENT_GRAD, buffers, sizes: sizes)
      },
    ]
  }

  // MARK: Elementwise chains

  private static func load(_ register: Int32, _ operand: Int32) -> [Int32] {
    [Int32(STRATA_EW_LOAD.rawValue), register, operand]
  }
  private static func constant(_ register: Int32, _ value: Float) -> [Int32] {
    [Int32(STRATA_EW_CONST.rawValue), register, Int32(bitPattern: value.bitPattern)]
  }
  private static func store(_ operand: Int32, _ register: Int32) -> [Int32] {
    [Int32(STRATA_EW_STORE.rawValue), operand, register]
  }
  private static func apply(_ code: strata_micro_op, _ registers: Int32...) -> [Int32] {
    [Int32(code.rawValue)] + registers
  }

  static var chains: [Kernel] {
    let count = 1 << 16
    let functions: [(String, strata_micro_op)] = [
      ("exp", STRATA_EW_EXP), ("log", STRATA_EW_LOG), ("tanh", STRATA_EW_TANH),
      ("sigmoid", STRATA_EW_SIGMOID), ("erf", STRATA_EW_ERF),
    ]
    let unary = functions.map { name, code in
      Kernel(family: "chain \(name)", shape: "\(count)", work: .bytes(Double(8 * count))) {
        $0.chain(
          count, [count, count].map($0.buffer), [load(0, 1), apply(code, 0, 0), store(0, 0)])
      }
    }
    let sizes = [1 << 16, 1 << 24]
    return unary + sizes.map(rectifier) + [50_000, 10_000_000].map(adam)
  }

  /// A product, a sum and a rectifier: `maximum(a·b + c, 0)`.
  private static func rectifier(_ count: Int) -> Kernel {
    Kernel(family: "chain relu(a*b+c)", shape: "\(count)", work: .bytes(Double(16 * count))) {
      $0.chain(
        count, [count, count, count, count].map($0.buffer),
        [
          load(0, 1), load(1, 2), apply(STRATA_EW_MUL, 0, 0, 1), load(1, 3),
          apply(STRATA_EW_ADD, 0, 0, 1), constant(1, 0), apply(STRATA_EW_MAX, 0, 0, 1), store(0, 0),
        ])
    }
  }

  /// An update of θ, m and v by g in place.
  private static func adam(_ count: Int) -> Kernel {
    Kernel(family: "Adam update", shape: "\(count)", work: .bytes(Double(28 * count))) { program in
      let (theta, m, v, g) = (
        program.buffer(count), program.buffer(count), program.buffer(count), program.buffer(count)
      )
      program.chain(
        count, [theta, m, v, theta, m, v, g],
        [
          load(0, 6), load(1, 4), constant(2, 0.9), apply(STRATA_EW_MUL, 1, 1, 2),
          constant(2, 0.1), apply(STRATA_EW_MUL, 2, 2, 0), apply(STRATA_EW_ADD, 1, 1, 2),
          store(1, 1), load(3, 5), constant(2, 0.999), apply(STRATA_EW_MUL, 3, 3, 2),
          apply(STRATA_EW_MUL, 0, 0, 0), constant(2, 0.001), apply(STRATA_EW_MUL, 0, 0, 2),
          apply(STRATA_EW_ADD, 3, 3, 0), store(2, 3), apply(STRATA_EW_ABS, 3, 3),
          apply(STRATA_EW_SQRT, 3, 3), constant(2, 1e-7), apply(STRATA_EW_ADD, 3, 3, 2),
          constant(2, 1e-3), apply(STRATA_EW_MUL, 1, 1, 2), apply(STRATA_EW_DIV, 1, 1, 3),
          load(0, 3), apply(STRATA_EW_SUB, 0, 0, 1), store(0, 0),
        ])
    }
  }

  // MARK: Reductions and rows

  static var reductions: [Kernel] {
    let shapes = [(1, 65536, 64), (1, 128, 512), (2048, 256, 1), (1, 1 << 22, 1), (16, 128, 256)]
    return shapes.map { outer, n, inner in
      let bytes = Double(4 * outer * inner * (n + 1))
      return Kernel(family: "sum", shape: "\(outer)x\(n)x\(inner)", work: .bytes(bytes)) {
        let buffers = [outer * inner, outer * n * inner].map($0.buffer)
        $0.append(STRATA_SUM, buffers, sizes: [outer, n, inner])
      }
    } + [softmax(8192, 128), softmax(64, 5000)]
  }

  /// `exp(x - max) / sum` of each row: four instructions.
  private static func softmax(_ rows: Int, _ width: Int) -> Kernel {
    let bytes = Double(8 * rows * width)
    return Kernel(family: "softmax", shape: "\(rows)x\(width)", work: .bytes(bytes)) { program in
      let (x, y) = (program.buffer(rows * width), program.buffer(rows * width))
      let (largest, total) = (program.buffer(rows), program.buffer(rows))
      let (dense, byRow) = ([width, 1], [1, 0])
      program.append(STRATA_MAX, [largest, x], sizes: [rows, width, 1])
      program.append(
        STRATA_ELEMENTWISE, [y, x, largest], dims: [rows, width], strides: [dense, dense, byRow],
        words: [
          load(0, 1), load(1, 2), apply(STRATA_EW_SUB, 0, 0, 1), apply(STRATA_EW_EXP, 0, 0),
          store(0, 0),
        ])
      program.append(STRATA_SUM, [total, y], sizes: [rows, width, 1])
      program.append(
        STRATA_ELEMENTWISE, [y, y, total], dims: [rows, width], strides: [dense, dense, byRow],
        words: [load(0, 1), load(1, 2), apply(STRATA_EW_DIV, 0, 0, 1), store(0, 0)])
    }
  }

  static var rows: [Kernel] {
    let (table, width, count) = (5000, 128, 5120)
    let heads = [16, 4, 128, 64]
    let bytes = Double(8 * heads.reduce(1, *))
    return [
      Kernel(
        family: "gather", shape: "\(count) of \(table)x\(width)",
        work: .bytes(Double(8 * count * width))
      ) {
        let buffers = [$0.buffer(count * width), $0.buffer(table * width)]
        let indices = $0.indices(count, below: table)
        $0.append(STRATA_GATHER, buffers + [indices], sizes: [count, width, table])
      },
      Kernel(
        family: "scatter-add", shape: "\(count) to \(table)x\(width)",
        work: .bytes(Double(4 * (3 * count + table) * width))
      ) {
        let buffers = [$0.buffer(table * width), $0.buffer(count * width)]
        let indices = $0.indices(count, below: table)
        $0.append(STRATA_SCATTER_ADD, buffers + [indices], sizes: [count, width, table])
      },
      Kernel(family: "transpose heads", shape: "16x128x4x64", work: .bytes(bytes)) {
        let count = heads.reduce(1, *)
        $0.append(
          STRATA_COPY, [$0.buffer(count), $0.buffer(count)], dims: heads,
          strides: [[32768, 8192, 64, 1], [32768, 64, 256, 1]])
      },
    ]
  }
}
