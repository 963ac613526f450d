internal import Glibc
internal import Synchronization

/// Wakes the thread that writes a log: once for all that was queued since it last looked.
final class WriterBell: Sendable {
    /// Both ends, so that a ring after the writer's end has a reader.
    private let pipe: (readEnd: OwnedDescriptor, writeEnd: OwnedDescriptor)
    /// Whether the writer was told that there is something to do and has not looked yet.
    private let isRung = Atomic(false)

    /// A bell that nobody has rung; nil, with the reason in `errno`, if there is no pipe to be had.
    init?() {
        guard let pipe = OwnedDescriptor.pipe() else { return nil }
        self.pipe = pipe
    }

    /// Wakes the writer, unless it was told already; to be called after the queue was changed.
    func ring() {
        guard !isRung.exchange(true, ordering: .acquiringAndReleasing) else { return }
        // The pipe does not block; if it is full, the writer is about to wake anyway.
        var byte: UInt8 = 0
        _ = unsafe write(pipe.writeEnd.number, &byte, 1)
    }

    /// Has the next ring wake the writer; to be called by the writer before it looks at the queue.
    func clear() {
        // Whoever finds it rung has changed the queue before, which the writer sees after this.
        _ = isRung.exchange(false, ordering: .acquiringAndReleasing)
    }

    /// Waits for a ring, or for so many milliseconds; for ever if they are negative.
    func wait(atMost milliseconds: Int = -1) {
        var request = pollfd(fd: pipe.readEnd.number, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&request, 1, Int32(clamping: milliseconds)) == 1 else { return }
        var byte: UInt8 = 0
        _ = unsafe read(pipe.readEnd.number, &byte, 1)
    }
}
