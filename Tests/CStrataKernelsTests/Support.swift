import CStrataKernels
import TestSupport
import Testing

/// All kernel tests: they choose instruction set and threads.
@Suite(.choosesMachine) struct KernelTests {}

/// A small generator with a fixed sequence (SplitMix64).
struct Sequence64: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// Ordinary values.
  mutating func values(_ count: Int, in range: ClosedRange<Float> = -2...2) -> [Float] {
    (0..<count).map { _ in Float.random(in: range, using: &self) }
  }

  /// Ordinary values with special ones among them.
  mutating func wildValues(_ count: Int) -> [Float] {
    let special: [Float] = [
      0, -0.0, 1, -1, .infinity, -.infinity, .nan, 0x1p-149, -0x1p-140, .greatestFiniteMagnitude,
      0.5, 2.5, -3.5, 1e-30, -1e20, 0x1p-126,
    ]
    return (0..<count).map { _ in
      let word = next()
      return word % 4 == 0
        ? special[Int(word >> 8) % special.count] : Float.random(in: -3...3, using: &self)
    }
  }
}

/// Equal bits, every NaN being the same.
func sameBits(_ a: [Float], _ b: [Float]) -> Bool {
  a.count == b.count
    && zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN) }
}

/// Row-major strides.
func denseStrides(_ dims: [Int]) -> [Int] {
  var strides = [Int](repeating: 1, count: dims.count)
  for i in dims.indices.dropLast().reversed() { strides[i] = strides[i + 1] * dims[i + 1] }
  return strides
}

/// One instruction over arrays: operand `i` lives in space `i` unless stated otherwise.
struct KernelCall {
  var opcode: strata_opcode
  var flags: Int = 0
  var dims: [Int] = []
  var rank: Int?
  var sizes: [Int] = []
  var scalar: Float = 0
  var code: [Int32] = []
  /// Per operand: space, offset in elements, strides.
  var operands: [(space: Int, offset: Int, strides: [Int])] = []

  /// Runs on copies of the buffers and returns them all.
  func callAsFunction(_ buffers: [[Float]]) -> [[Float]] {
    let pointers = buffers.map { buffer in
      let memory = UnsafeMutableRawPointer.allocate(
        byteCount: max(buffer.count, 1) * 4, alignment: 64)
      buffer.withUnsafeBytes { bytes in
        if let base = bytes.baseAddress { memory.copyMemory(from: base, byteCount: bytes.count) }
      }
      return memory
    }
    defer { pointers.forEach { $0.deallocate() } }
    var places = operands
    if places.isEmpty { places = buffers.indices.map { ($0, 0, []) } }
    let list = places.map { place in
      var operand = strata_operand()
      operand.space = Int32(place.space)
      operand.offset = Int64(place.offset * 4)
      fill(&operand.stride, with: place.strides)
      return operand
    }
    run(list, pointers)
    return zip(pointers, buffers).map { pointer, buffer in
      let floats = pointer.bindMemory(to: Float.self, capacity: max(buffer.count, 1))
      return [Float](UnsafeBufferPointer(start: floats, count: buffer.count))
    }
  }

  private func run(_ list: [strata_operand], _ pointers: [UnsafeMutableRawPointer]) {
    var instruction = strata_instruction()
    instruction.opcode = Int32(opcode.rawValue)
    instruction.flags = Int32(flags)
    instruction.rank = Int32(rank ?? dims.count)
    instruction.operand_count = Int32(list.count)
    instruction.micro_op_count = Int32(code.count / 5)
    instruction.scalar = scalar
    fill(&instruction.dims, with: dims)
    fill(&instruction.sizes, with: sizes)
    let bases: [UnsafeMutableRawPointer?] = pointers
    withUnsafePointer(to: instruction) { instructions in
      list.withUnsafeBufferPointer { operands in
        code.withUnsafeBufferPointer { words in
          var program = strata_program()
          program.instructions = instructions
          program.instruction_count = 1
          program.operands = operands.baseAddress
          program.code = words.baseAddress
          bases.withUnsafeBufferPointer { strata_program_run(&program, $0.baseAddress) }
        }
      }
    }
  }

  private func fill<Storage>(_ storage: inout Storage, with values: [Int]) {
    withUnsafeMutableBytes(of: &storage) { bytes in
      let numbers = bytes.bindMemory(to: Int64.self)
      for (i, value) in values.enumerated() { numbers[i] = Int64(value) }
    }
  }
}

/// A micro-operation's five words.
func micro(_ op: strata_micro_op, _ words: Int32...) -> [Int32] {
  [Int32(op.rawValue)] + words + [Int32](repeating: 0, count: 4 - words.count)
}
