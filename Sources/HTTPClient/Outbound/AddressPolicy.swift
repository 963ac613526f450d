package import HTTP
package import Transport

/// Which addresses the gateway may reach on its own account.
///
/// Addresses of the Internet by https; any other only where the operator allows it, by http too.
package struct AddressPolicy: Sendable, Equatable {
    /// The blocks of special-use addresses that may be reached all the same.
    package var allowedBlocks: [AddressBlock]

    /// A policy; without blocks nothing but the Internet may be reached.
    package init(allowing blocks: [AddressBlock] = []) { allowedBlocks = blocks }

    /// Why none of these may be reached, the answer to one lookup; nil if all may be.
    ///
    /// A single bad address refuses them all: a name that mixes its own with ours is not honest.
    package func refusal(
        of addresses: [SocketAddress], scheme: AbsoluteURI.Scheme
    ) -> String? {
        addresses.lazy.compactMap { refusal(of: $0, scheme: scheme) }.first
    }

    private func refusal(of address: SocketAddress, scheme: AbsoluteURI.Scheme) -> String? {
        let bytes = address.bytes
        if allowedBlocks.contains(where: { $0.contains(bytes) }) { return nil }
        if let use = SpecialUse.reason(bytes) { return "\(address.host) is special: \(use)" }
        switch scheme {
        case .https: return nil
        case .http: return "\(address.host) is not in allow_private, so http is not allowed"
        }
    }
}
