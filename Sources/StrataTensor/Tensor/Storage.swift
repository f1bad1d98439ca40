internal import CStrataKernels

/// A 64-byte aligned buffer of 4-byte elements.
///
/// Written only by its creator before it is shared, or by the one run that owns it as model state.
package final class Storage: @unchecked Sendable {
  // Sendable: a value's storage is never written after its tensor exists; a model's state storage
  // belongs to the task that owns the model.
  package let bytes: UnsafeMutableRawBufferPointer

  /// Zeros; a large one costs nothing before it is touched.
  package init(byteCount: Int) {
    let size = max(byteCount, 64)
    bytes = UnsafeMutableRawBufferPointer(start: strata_allocate(Int64(size)), count: size)
  }
  deinit { strata_free(bytes.baseAddress, Int64(bytes.count)) }

  package convenience init<Element: BitwiseCopyable>(_ values: [Element]) {
    self.init(byteCount: values.count * MemoryLayout<Element>.stride)
    values.withUnsafeBytes { bytes.copyMemory(from: $0) }
  }

  package var base: UnsafeMutableRawPointer { bytes.baseAddress.unsafelyUnwrapped }

  package func array<Element: BitwiseCopyable>(
    of type: Element.Type, count: Int
  ) -> [Element] {
    Array(UnsafeBufferPointer(start: base.assumingMemoryBound(to: type), count: count))
  }
}
