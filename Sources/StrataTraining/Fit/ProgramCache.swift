/// The programs of a model, the last used first; those that have not been used for longest are let
/// go, so that a source of batches of every size does not fill the memory.
struct ProgramCache {
  private static let limit = 16
  private var programs: [StepProgram] = []

  /// The program for a batch, if it is there.
  mutating func program(_ mode: StepMode, _ batch: FeedBatch) -> StepProgram? {
    guard let index = programs.firstIndex(where: { $0.key.fits(mode, batch) }) else { return nil }
    if index > 0 { programs.insert(programs.remove(at: index), at: 0) }
    return programs[0]
  }

  mutating func insert(_ program: StepProgram) {
    programs.insert(program, at: 0)
    if programs.count > Self.limit { programs.removeLast() }
  }
}
