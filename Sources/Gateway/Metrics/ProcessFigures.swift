internal import Glibc

/// What the system says of this process.
package struct ProcessFigures: Sendable, Equatable {
    /// When the gateway started; milliseconds since 1970-01-01T00:00:00Z.
    package var startTimeMilliseconds: Int64
    /// Time on a processor, in microseconds.
    package var processorMicroseconds: UInt64
    /// Resident memory in bytes.
    package var residentBytes: UInt64
    /// Open file descriptors.
    package var openDescriptors: Int
    /// The most file descriptors that may be open; nil if there is no limit.
    package var descriptorLimit: UInt64?

    /// Given figures.
    package init(
        startTimeMilliseconds: Int64, processorMicroseconds: UInt64 = 0, residentBytes: UInt64 = 0,
        openDescriptors: Int = 0, descriptorLimit: UInt64? = nil
    ) {
        self.startTimeMilliseconds = startTimeMilliseconds
        self.processorMicroseconds = processorMicroseconds
        self.residentBytes = residentBytes
        self.openDescriptors = openDescriptors
        self.descriptorLimit = descriptorLimit
    }

    /// Reads the figures from `/proc/self` and the system's clocks.
    ///
    /// What cannot be read is 0. Each open descriptor costs some time.
    package static func read(startTimeMilliseconds: Int64) -> ProcessFigures {
        ProcessFigures(
            startTimeMilliseconds: startTimeMilliseconds,
            processorMicroseconds: readProcessorMicroseconds(),
            residentBytes: readResidentBytes(),
            openDescriptors: countDescriptors(),
            descriptorLimit: readDescriptorLimit())
    }

    private static func readProcessorMicroseconds() -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return UInt64(max(time.tv_sec, 0)) * 1_000_000 + UInt64(max(time.tv_nsec, 0)) / 1000
    }

    /// The second number of `/proc/self/statm` is resident pages (proc_pid_statm(5)).
    private static func readResidentBytes() -> UInt64 {
        let descriptor = unsafe open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = unsafe Glibc.read(descriptor, &bytes, bytes.count)
        guard count > 0 else { return 0 }
        let numbers = bytes[..<count].split(separator: UInt8(ascii: " "))
        guard numbers.count > 1 else { return 0 }
        let pages = UInt64(String(decoding: numbers[1], as: UTF8.self)) ?? 0
        return pages * UInt64(max(sysconf(Int32(_SC_PAGESIZE)), 0))
    }

    private static func countDescriptors() -> Int {
        guard let directory = unsafe opendir("/proc/self/fd") else { return 0 }
        defer { unsafe closedir(directory) }
        var entries = 0
        while unsafe readdir(directory) != nil { entries += 1 }
        // Not counted: ".", ".." and the descriptor of the directory itself.
        return max(entries - 3, 0)
    }

    private static func readDescriptorLimit() -> UInt64? {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return nil
        }
        return limit.rlim_cur == rlim_t.max ? nil : UInt64(limit.rlim_cur)
    }
}
