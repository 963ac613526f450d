import CLibevent
import Glibc

/// Starts a detached thread with a name of at most 15 bytes; signals stay with the main thread.
package func startThread(
    name: String, _ body: @escaping @Sendable () -> Void
) throws(TransportFailure) {
    let box = unsafe Unmanaged.passRetained(ThreadBody(name: name, body: body))
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    defer { unsafe pthread_attr_destroy(&attributes) }
    unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    unsafe pthread_attr_setstacksize(&attributes, threadStackSize)
    var thread = pthread_t()
    let code = unsafe pthread_create(
        &thread, &attributes,
        { argument in
            guard let argument = unsafe argument else { return nil }
            let box = unsafe Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue()
            var signals = sigset_t()
            unsafe sigfillset(&signals)
            unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
            _ = unsafe gh_set_thread_name(String(box.name.prefix(15)))
            box.body()
            return nil
        }, box.toOpaque())
    guard code == 0 else {
        unsafe box.release()
        throw TransportFailure(attempt: "start the thread \(name)", code: code)
    }
}

/// Stack of each of our threads, in bytes; pages are used only when touched.
private let threadStackSize = 1 << 20

private final class ThreadBody: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }
}
