package import CStrataKernels

/// Where values lie while a program runs: a byte offset into one of its buffers.
package struct Place: Sendable, Hashable {
  package var type: TensorType
  package var space: Int32
  package var offset: Int
  /// The value, where it is a known scalar.
  package var constant: Float?

  package init(_ type: TensorType, space: Int32, offset: Int, constant: Float? = nil) {
    self.type = type
    self.space = space
    self.offset = offset
    self.constant = constant
  }

  /// The place `elements` further on.
  func advanced(by elements: Int) -> Place {
    var place = self
    place.offset += elements * 4
    return place
  }
}

/// Collects the flat program that one C call runs.
package struct ProgramBuilder {
  package private(set) var instructions: [strata_instruction] = []
  package private(set) var operands: [strata_operand] = []
  package private(set) var code: [Int32] = []
  /// A line per instruction, for printed plans and profiles.
  package private(set) var labels: [String] = []
  /// The layer of each instruction, empty outside of any.
  package private(set) var layers: [String] = []
  /// The work of each instruction.
  package private(set) var costs: [InstructionCost] = []
  /// What the next instruction is called.
  package var label = ""
  /// The layer for which it runs.
  package var layer = ""

  package init() {}

  /// An instruction whose operands are dense.
  mutating func append(
    _ opcode: strata_opcode, _ places: [Place], sizes: [Int] = [], dims: [Int] = [],
    flags: Int32 = 0, scalar: Float = 0
  ) {
    append(
      opcode, operands: places.map { Self.operand($0, []) }, sizes: sizes, dims: dims,
      rank: dims.count, flags: flags, scalar: scalar,
      bytes: places.reduce(0) { $0 + $1.type.byteCount })
  }

  private mutating func append(
    _ opcode: strata_opcode, operands list: [strata_operand], sizes: [Int] = [], dims: [Int],
    rank: Int, flags: Int32 = 0, scalar: Float = 0, words: [Int32] = [], bytes: Int
  ) {
    var instruction = strata_instruction()
    instruction.opcode = Int32(opcode.rawValue)
    instruction.flags = flags
    instruction.rank = Int32(rank)
    instruction.first_operand = Int32(operands.count)
    instruction.operand_count = Int32(list.count)
    instruction.first_word = Int32(code.count)
    instruction.micro_op_count = Int32(words.count / 5)
    instruction.scalar = scalar
    withUnsafeMutableBytes(of: &instruction.dims) { Self.fill($0, dims) }
    withUnsafeMutableBytes(of: &instruction.sizes) { Self.fill($0, sizes) }
    instructions.append(instruction)
    operands += list
    code += words
    labels.append(label)
    layers.append(layer)
    costs.append(InstructionCost(instruction, words: words, bytes: bytes))
  }

  mutating func append(_ chain: ElementwiseChain) {
    guard chain.shape.count > 0 else { return }
    let emission = chain.emit()
    append(
      STRATA_ELEMENTWISE,
      operands: emission.operands.map { Self.operand($0.place, $0.strides) },
      dims: emission.dims, rank: emission.dims.count, words: emission.words,
      bytes: emission.operands.reduce(0) { $0 + $1.place.type.byteCount })
  }

  mutating func fill(_ place: Place, with value: Float) {
    append(STRATA_FILL, [place], sizes: [place.type.shape.count], scalar: value)
  }

  /// Copies the index space `shape` between strided views.
  mutating func copy(
    to target: Place, strides targetStrides: [Int], from source: Place,
    strides sourceStrides: [Int], shape: Shape
  ) {
    guard shape.count > 0 else { return }
    let space = IndexSpace(shape, [targetStrides, sourceStrides])
    append(
      STRATA_COPY,
      operands: [
        Self.operand(target, space.strides[0]), Self.operand(source, space.strides[1]),
      ], dims: space.dims, rank: space.dims.count, bytes: shape.count * 8)
  }

  private static func operand(_ place: Place, _ strides: [Int]) -> strata_operand {
    var operand = strata_operand()
    operand.offset = Int64(place.offset)
    operand.space = place.space
    withUnsafeMutableBytes(of: &operand.stride) { fill($0, strides) }
    return operand
  }

  private static func fill(_ bytes: UnsafeMutableRawBufferPointer, _ values: [Int]) {
    let slots = bytes.bindMemory(to: Int64.self)
    for (index, value) in values.enumerated() where index < slots.count {
      slots[index] = Int64(value)
    }
  }
}

/// An index space with the strides of several operands, adjacent axes merged where all allow it.
struct IndexSpace {
  var dims: [Int] = []
  var strides: [[Int]]

  init(_ shape: Shape, _ operandStrides: [[Int]]) {
    strides = operandStrides.map { _ in [] }
    for axis in shape.dimensions.indices where shape.dimensions[axis] != 1 {
      let size = shape.dimensions[axis]
      let merges =
        !dims.isEmpty
        && strides.indices.allSatisfy { operand in
          strides[operand][dims.count - 1] == operandStrides[operand][axis] * size
        }
      if merges {
        dims[dims.count - 1] *= size
        for operand in strides.indices {
          strides[operand][dims.count - 1] = operandStrides[operand][axis]
        }
      } else {
        dims.append(size)
        for operand in strides.indices {
          strides[operand].append(operandStrides[operand][axis])
        }
      }
    }
    if dims.isEmpty {
      dims = [1]
      strides = operandStrides.map { _ in [1] }
    }
  }
}
