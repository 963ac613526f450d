/// Who a listener is, as its files say.
package struct ListenerTLS: Sendable, Equatable {
    /// PEM: the certificate, then those that lead from it to an authority.
    package let certificates: [UInt8]
    /// PEM: the key of the certificate.
    package let privateKey: Secret
}
