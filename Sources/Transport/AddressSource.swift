/// Whoever knows the addresses of names; used on one loop.
package protocol AddressSource: AnyObject {
    /// Looks up `host` and calls `completion` once, on the loop, at once where the answer is known.
    func resolve(
        _ host: String, port: UInt16, _ completion: @escaping (HostResolver.Answer) -> Void)
}
