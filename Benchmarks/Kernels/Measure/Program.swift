import CStrataKernels

/// A program of kernels on buffers of its own.
final class Program {
  private var instructions: [strata_instruction] = []
  private var operands: [strata_operand] = []
  private var code: [Int32] = []
  private var buffers: [UnsafeMutableRawPointer?] = []
  private var prepared: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
  /// The bytes of all buffers.
  private(set) var byteCount = 0

  deinit {
    strata_program_release(prepared)
    for buffer in buffers { buffer?.deallocate() }
  }

  /// A buffer of floats between -1 and 1; its number.
  func buffer(_ count: Int) -> Int {
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: count * 4, alignment: 64)
    let floats = bytes.bindMemory(to: Float.self, capacity: count)
    for i in 0..<count { floats[i] = Float(i &* 2_654_435_761 & 0xFFFF) / 32768 - 1 }
    buffers.append(bytes)
    byteCount += count * 4
    return buffers.count - 1
  }

  /// A buffer of row numbers below `limit`.
  func indices(_ count: Int, below limit: Int) -> Int {
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: count * 4, alignment: 64)
    let rows = bytes.bindMemory(to: Int32.self, capacity: count)
    for i in 0..<count { rows[i] = Int32(i &* 2_654_435_761 % limit) }
    buffers.append(bytes)
    byteCount += count * 4
    return buffers.count - 1
  }

  /// An instruction on whole buffers, its result first; `strides` are given where it reads them.
  ///
  /// Before the first run only.
  func append(
    _ opcode: strata_opcode, _ buffers: [Int], dims: [Int] = [], sizes: [Int] = [],
    flags: Int = 0, strides: [[Int]] = [], words: [[Int32]] = []
  ) {
    var instruction = strata_instruction()
    instruction.opcode = Int32(opcode.rawValue)
    instruction.flags = Int32(flags)
    instruction.rank = Int32(dims.count)
    instruction.first_operand = Int32(operands.count)
    instruction.operand_count = Int32(buffers.count)
    instruction.first_word = Int32(code.count)
    instruction.micro_op_count = Int32(words.count)
    withUnsafeMutableBytes(of: &instruction.dims) { Self.fill($0, dims) }
    withUnsafeMutableBytes(of: &instruction.sizes) { Self.fill($0, sizes) }
    for (index, buffer) in buffers.enumerated() {
      var operand = strata_operand()
      operand.space = Int32(buffer)
      let own = index < strides.count ? strides[index] : [1]
      withUnsafeMutableBytes(of: &operand.stride) { Self.fill($0, own) }
      operands.append(operand)
    }
    code += words.flatMap { $0 + [Int32](repeating: 0, count: 5 - $0.count) }
    instructions.append(instruction)
  }

  /// A chain over `count` elements of dense buffers.
  func chain(_ count: Int, _ buffers: [Int], _ words: [[Int32]]) {
    append(
      STRATA_ELEMENTWISE, buffers, dims: [count], strides: buffers.map { _ in [1] }, words: words)
  }

  private static func fill(_ bytes: UnsafeMutableRawBufferPointer, _ values: [Int]) {
    let slots = bytes.bindMemory(to: Int64.self)
    for (index, value) in values.enumerated() { slots[index] = Int64(value) }
  }

  func run() {
    instructions.withUnsafeBufferPointer { instructions in
      operands.withUnsafeBufferPointer { operands in
        code.withUnsafeBufferPointer { code in
          var program = strata_program(
            instructions: instructions.baseAddress, instruction_count: Int64(instructions.count),
            operands: operands.baseAddress, code: code.baseAddress, prepared: prepared)
          if prepared == nil {
            prepared = strata_program_prepare(&program)
            program.prepared = UnsafePointer(prepared)
          }
          strata_program_run(&program, buffers)
        }
      }
    }
  }
}
