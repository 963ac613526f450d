package import HTTPClient
package import Transport

/// What the gateway itself may fetch, and whose certificates it believes.
package struct OutboundOptions: Sendable, Equatable {
    /// Which addresses it may reach.
    package var policy: AddressPolicy
    /// Whose certificates it believes.
    package var trust: TLSTrust
    /// The file that the authorities come from; nil for those of the system.
    package var authorityFile: String?
}
