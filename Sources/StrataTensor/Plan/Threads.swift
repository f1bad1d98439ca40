internal import CStrataKernels

/// The number of threads that a step uses, the caller included; results do not depend on it.
///
/// The default is all cores; the environment variable `STRATA_THREADS` sets it too.
public func setThreadCount(_ count: Int) { strata_set_thread_count(Int32(max(count, 1))) }

/// The number of threads that a step uses.
public var threadCount: Int { Int(strata_thread_count()) }
