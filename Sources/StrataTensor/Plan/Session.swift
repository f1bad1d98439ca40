internal import CStrataKernels

/// A plan with its memory: bind the inputs, run, read the outputs.
///
/// Belongs to one task.
package final class Session {
  package let plan: Plan
  private let arena: Storage
  private let prepared: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
  private var bases: [UnsafeMutableRawPointer?]
  /// Keeps bound storage alive.
  private var bound: [Storage?]

  package init(_ plan: Plan) {
    self.plan = plan
    arena = Storage(byteCount: plan.arenaByteCount)
    bases = [arena.base, plan.constants.base] + plan.inputs.map { _ in nil }
    bound = plan.inputs.map { _ in nil }
    prepared = Self.withProgram(of: plan, prepared: nil) { strata_program_prepare(&$0) }
  }

  deinit { strata_program_release(prepared) }

  private static func withProgram<Result>(
    of plan: Plan, prepared: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    _ body: (inout strata_program) -> Result
  ) -> Result {
    plan.instructions.withUnsafeBufferPointer { instructions in
      plan.operands.withUnsafeBufferPointer { operands in
        plan.code.withUnsafeBufferPointer { code in
          var program = strata_program(
            instructions: instructions.baseAddress, instruction_count: Int64(instructions.count),
            operands: operands.baseAddress, code: code.baseAddress, prepared: prepared)
          return body(&program)
        }
      }
    }
  }

  /// Gives input `index` of the plan its values; `elements` skips that many of them.
  package func bind(_ index: Int, to storage: Storage, offset elements: Int = 0) {
    bases[Int(Plan.firstInputSpace) + index] = storage.base + elements * 4
    bound[index] = storage
  }

  /// Lets go of the values of input `index`, which must be bound anew before the next run.
  package func unbind(_ index: Int) {
    bases[Int(Plan.firstInputSpace) + index] = nil
    bound[index] = nil
  }

  /// The inputs with what they are bound to.
  package var boundInputs: [(input: Plan.Input, storage: Storage)] {
    zip(plan.inputs, bound).compactMap { input, storage in storage.map { (input, $0) } }
  }

  /// Runs the program; every input must be bound.
  ///
  /// A profile is told how long each instruction took.
  package func run(_ profile: PlanProfile? = nil) {
    precondition(!bases.contains(nil), "session: run() before every input was bound.")
    Self.withProgram(of: plan, prepared: prepared) { program in
      if let profile {
        profile.record { strata_program_run_timed(&program, bases, $0) }
      } else {
        strata_program_run(&program, bases)
      }
    }
  }

  /// The values of output `index`, copied.
  package func output(_ index: Int) -> Tensor {
    let place = plan.outputs[index]
    let storage = Storage(byteCount: place.type.byteCount)
    if let source = pointer(to: index) {
      storage.base.copyMemory(from: source, byteCount: place.type.byteCount)
    }
    return Tensor(place.type, .concrete(storage))
  }

  /// Where output `index` lies after a run.
  package func pointer(to index: Int) -> UnsafeRawPointer? {
    let place = plan.outputs[index]
    return bases[Int(place.space)].map { UnsafeRawPointer($0 + place.offset) }
  }
}
