import Glibc

/// Wakes the one thread that waits for it (a POSIX semaphore); rings count, so none is lost.
///
/// Only the address is kept, which unlike a pointer is `Sendable`; a semaphore is made to be used
/// by several threads at once.
final class Bell: Sendable {
    private let address: UInt

    init() {
        let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
        unsafe semaphore.initialize(to: sem_t())
        let made = unsafe sem_init(semaphore, 0, 0)
        precondition(made == 0, "a semaphore of one process that begins at zero can be made")
        address = UInt(bitPattern: semaphore)
    }

    deinit {
        unsafe sem_destroy(semaphore)
        unsafe semaphore.deallocate()
    }

    func ring() {
        unsafe sem_post(semaphore)
    }

    /// Waits for a ring; may return early, as after a signal.
    func wait() {
        _ = unsafe sem_wait(semaphore)
    }

    private var semaphore: UnsafeMutablePointer<sem_t> {
        guard let pointer = unsafe UnsafeMutablePointer<sem_t>(bitPattern: address) else {
            preconditionFailure("the address of a semaphore is never zero")
        }
        return unsafe pointer
    }
}
