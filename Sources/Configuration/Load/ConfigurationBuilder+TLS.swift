internal import Transport

extension ConfigurationBuilder {
    /// The longest file with certificates or a key, in bytes.
    private static let pemLimit = 256 << 10

    /// The certificate and the key of a listener, which belong together; nil for a listener in the clear.
    mutating func listenerTLS(_ listener: DecodedSection) -> ListenerTLS? {
        guard let section = listener.section("tls") else { return nil }
        let certificates = pem("certificate", section)
        guard let key = pem("private_key", section), let certificates else { return nil }
        warnOfReaders(of: key.file, section)
        do throws(TLSFailure) {
            _ = try TLSContext.server(certificates: certificates.bytes, privateKey: key.bytes)
        } catch {
            let name = error.isOfKey ? "private_key" : "certificate"
            diagnostics.error(
                section[name]?.position, "the file of \(sentence(name, in: section, "\(error)"))")
            return nil
        }
        return ListenerTLS(
            certificates: certificates.bytes, privateKey: Secret(key.bytes, file: key.file))
    }

    private mutating func pem(
        _ key: String, _ section: DecodedSection
    ) -> (bytes: [UInt8], file: String)? {
        guard let name = section.text(key) else { return nil }
        let file = files.resolve(name)
        return content(of: file, limit: Self.pemLimit, key, in: section).map { ($0, file) }
    }

    private mutating func warnOfReaders(of file: String, _ section: DecodedSection) {
        guard files.isReadableByEveryone(file) else { return }
        diagnostics.warning(
            section["private_key"]?.position,
            "the file of \(sentence("private_key", in: section, "can be read by every user of this machine"))"
        )
    }
}

extension TLSFailure {
    /// Whether the key is to blame, rather than the certificate.
    fileprivate var isOfKey: Bool {
        switch self {
        case .keyEncrypted, .keyInvalid, .keyMismatch: true
        case .noCertificate, .certificateInvalid, .library: false
        }
    }
}
